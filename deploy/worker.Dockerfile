# One Dagster run on a machine with a graphics card: the image of a GPU worker.
# Build it in the repository's root: docker build -f deploy/worker.Dockerfile .

# What the system gives: Python, ExifTool, a user without rights.
FROM debian:bookworm-20250520-slim AS runtime
# The same lines in both files: one layer for both images.
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      ca-certificates libimage-exiftool-perl python3 tini tzdata \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*.log
ARG UID=1000
ARG GID=1000
ARG VERSION=0.1.0
RUN groupadd --gid "$GID" home-media \
 && useradd --uid "$UID" --gid "$GID" --no-create-home --home-dir /tmp \
      --shell /usr/sbin/nologin home-media \
 && install -d -o home-media -g home-media \
      /var/lib/home-media /var/lib/home-media/dagster \
      /var/lib/home-media/derived /var/lib/home-media/weights
ENV PATH=/opt/home-media/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/tmp \
    LANG=C.UTF-8 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DAGSTER_HOME=/var/lib/home-media/dagster \
    HOME_MEDIA_STATE=/var/lib/home-media \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
LABEL org.opencontainers.image.title="home-media-worker" \
      org.opencontainers.image.version="$VERSION"
USER $UID:$GID
WORKDIR /var/lib/home-media
ENTRYPOINT ["tini", "-g", "--"]
CMD ["home-media", "--help"]

# The packages of the lock file, and ours without the gallery: no worker serves it.
FROM runtime AS packages
USER root
COPY deploy/requirements.txt /opt/requirements.txt
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3-venv \
 && rm -rf /var/lib/apt/lists/* \
 && python3 -m venv /opt/uv \
 && /opt/uv/bin/pip install --no-cache-dir "$(grep ^uv== /opt/requirements.txt)"
ENV UV_PROJECT_ENVIRONMENT=/opt/home-media \
    UV_PYTHON=/usr/bin/python3 \
    UV_PYTHON_DOWNLOADS=never \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_COMPILE_BYTECODE=1
WORKDIR /src
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN /opt/uv/bin/uv sync --frozen --no-dev --extra vision --no-install-project
COPY dagster.yaml workspace.yaml CHANGELOG.md ./
COPY script/wheel.py script/wheel.py
COPY home_media_api home_media_api
COPY home_media_pipelines home_media_pipelines
RUN mkdir -p frontend/dist \
 && /opt/uv/bin/uv sync --frozen --no-dev --no-editable --extra vision

FROM runtime AS worker
COPY --from=packages /opt/home-media /opt/home-media
