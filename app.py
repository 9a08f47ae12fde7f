"""The ASGI application: `streamlit run app.py`.

Its script is ui/base/shell.py. What a script cannot do is in web/: set the HttpOnly sign-in cookie, answer a health probe, send
security headers, refuse foreign requests and strangers, and refuse to start where a program without passwords could be reached.
"""

# isort: off
from web.watching import log_begins  # noqa: F401  (first: libraries log while they are imported)
from web import listening_begins  # noqa: F401  (then: an address that is refused is let go before all else is read)

# isort: on
import streamlit as st
from starlette.middleware import Middleware

from ui.base.session import messages
from ui.labelling import form as forms  # noqa: F401  (imported now so that the first page does not wait for it)
from web import start
from web.callers import Callers
from web.first_paint import FirstPaint
from web.guard import Guard
from web.routes import routes
from web.watching.metrics import Measured

(public, providers), callers = start.prepared(), Callers()

app = st.App(
    "ui/base/shell.py",
    lifespan=start.warm,
    routes=routes(callers, public, providers),
    middleware=[Middleware(Measured), Middleware(Guard, callers=callers, public=public), Middleware(FirstPaint)],
    on_script_error=messages.explain,
)
