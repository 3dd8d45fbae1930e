# docker build -t mien .
# docker run --rm -p 127.0.0.1:8000:8000 --read-only --tmpfs /tmp mien
#
# The page's runtime, then the package with the service alone, then an image with nothing but that.

FROM node:22-slim AS page
WORKDIR /mien
COPY tools/web_runtime/package.json tools/web_runtime/package-lock.json tools/web_runtime/
RUN npm ci --prefix tools/web_runtime --no-progress --loglevel=error
COPY tools/web_runtime/pack.mjs tools/web_runtime/
COPY src/mien/web src/mien/web
RUN node tools/web_runtime/pack.mjs src/mien/web

FROM python:3.12-slim AS package
WORKDIR /mien
RUN python -m venv /opt/mien
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY src src
COPY --from=page /mien/src/mien/web/static/runtime src/mien/web/static/runtime
RUN /opt/mien/bin/pip install --no-cache-dir ".[server]"

FROM python:3.12-slim
COPY --from=package /opt/mien /opt/mien
ENV PATH=/opt/mien/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 65532:65532
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["mien", "serve", "--host", "0.0.0.0"]
