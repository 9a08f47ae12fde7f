"""Our routes behind the guard, asked without a server: what they answer to whom."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware

from web.callers import Callers
from web.guard import Guard
from web.routes import routes
from web.watching.metrics import Measured
from workflow.people.public_url import PublicUrl


def asking(
    public: PublicUrl | None, base: str = "https://10.0.0.7:8501", client: str = "10.0.0.9"
) -> Callable[..., httpx.Response]:
    """ask(path, **headers): what is answered to who asks from the address `client` for the process by its own address; with
    `posted`, to who posts that, or sends it by another `method`."""
    callers = Callers()
    guard = Middleware(Guard, callers=callers, public=public)
    app = Starlette(routes=routes(callers, public), middleware=[Middleware(Measured), guard])

    async def one(path: str, posted: bytes | None, method: str, headers: dict[str, str | bytes]) -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(client, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url=base, trust_env=False) as asked:
            return await asked.request(method, path, content=posted, headers=headers)

    def ask(path: str, posted: bytes | None = None, method: str = "", **headers: str | bytes) -> httpx.Response:
        method = method or ("GET" if posted is None else "POST")
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        with ThreadPoolExecutor(1) as pool:  # in this thread a browser test may have left its loop
            return pool.submit(asyncio.run, one(path, posted, method, said)).result(60)

    return ask
