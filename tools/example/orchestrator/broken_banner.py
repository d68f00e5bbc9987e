"""A Datasette plugin that starts well and fails every request: what a bad release looks like.

It reads a setting that was only ever set on its author's machine, and reads it per request.
"""

from datasette import hookimpl


@hookimpl
def asgi_wrapper(datasette):
    def wrap(app):
        async def with_banner(scope, receive, send):
            if scope["type"] == "http":
                scope = scope | {"banner": datasette.plugin_config("banner")["text"]}
            await app(scope, receive, send)

        return with_banner

    return wrap
