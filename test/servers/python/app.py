"""The smallest WSGI app: its answer has a length, without which uWSGI never keeps a connection."""


def application(_environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "3")])
    return [b"ok\n"]
