"""Projects: which there are, a new one; and the one in hand renamed, archived, deleted."""

from touchstone.english import many
from ui.base import panels
from ui.base.session import project_in_hand, signed_in, store
from ui.projects import new_name, one_project, project_list
from workflow.people import verbs
from workflow.projects import projects, renaming

person, engine = signed_in.require_person(), store.engine()
there, here, is_admin = projects.all_projects(engine), project_in_hand.current(), verbs.standing(engine).is_admin
panels.heading(
    "Projects",
    f"{many(len(there), 'project')}; in hand is {here.name}. Lists, figures and commands stay inside one project."
    if here
    else "No project yet. A project holds the tasks, drafts, rubric, rounds and gold of one piece of work.",
)
panels.outcome()
project_list.listed(there, here)
if is_admin:
    project_list.new_project(person, engine)
if here:
    panels.section(here.name, is_name=True)
    new_name.form(person, engine, "project", [here.name], renaming.rename_project)
    one_project.archiving(person, engine, here)
    if is_admin:
        one_project.deleting(person, engine, here)
if is_admin:
    project_list.record(projects.changes_so_far(engine))
