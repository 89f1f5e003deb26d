# Everything of the server but Postgres and the proxy: Dagster, the API, the gallery.
# Build it in the repository's root: docker build -f deploy/server.Dockerfile .

# What the system gives: Python, ExifTool, ssh to reach an agent, a user without rights.
FROM debian:bookworm-20250520-slim AS runtime
# The same lines in both files: one layer for both images.
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      ca-certificates libimage-exiftool-perl python3 tini tzdata \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*.log
RUN apt-get update \
 && apt-get install -y --no-install-recommends openssh-client \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*.log
ARG UID=1000
ARG GID=1000
ARG VERSION=0.1.0
RUN groupadd --gid "$GID" home-media \
 && useradd --uid "$UID" --gid "$GID" --no-create-home --home-dir /home/home-media \
      --shell /usr/sbin/nologin home-media \
 && install -d -o home-media -g home-media \
      /var/lib/home-media /var/lib/home-media/backups \
      /var/lib/home-media/dagster /var/lib/home-media/dagster/storage \
      /var/lib/home-media/derived /var/lib/home-media/weights
ENV PATH=/opt/home-media/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/tmp \
    LANG=C.UTF-8 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DAGSTER_HOME=/var/lib/home-media/dagster \
    HOME_MEDIA_STATE=/var/lib/home-media
LABEL org.opencontainers.image.title="home-media-server" \
      org.opencontainers.image.version="$VERSION"
USER $UID:$GID
WORKDIR /var/lib/home-media
ENTRYPOINT ["tini", "-g", "--"]
CMD ["home-media", "--help"]

# uv, and the node that builds the gallery; both come as wheels.
FROM runtime AS tools
USER root
COPY deploy/requirements.txt /opt/requirements.txt
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3-venv \
 && rm -rf /var/lib/apt/lists/* \
 && python3 -m venv /opt/tools \
 && /opt/tools/bin/pip install --no-cache-dir --requirement /opt/requirements.txt
ENV PATH=/opt/tools/bin:$PATH \
    UV_PROJECT_ENVIRONMENT=/opt/home-media \
    UV_PYTHON=/usr/bin/python3 \
    UV_PYTHON_DOWNLOADS=never \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_COMPILE_BYTECODE=1
WORKDIR /src

FROM tools AS gallery
COPY frontend/package.json frontend/package-lock.json frontend/
RUN npm --prefix frontend ci --no-audit --no-fund --loglevel=error
COPY frontend frontend
RUN npm --prefix frontend run build

# The packages of the lock file, and ours with the gallery inside. No torch.
FROM tools AS packages
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project
COPY dagster.yaml workspace.yaml CHANGELOG.md ./
COPY script/wheel.py script/wheel.py
COPY home_media_api home_media_api
COPY home_media_pipelines home_media_pipelines
COPY --from=gallery /src/frontend/dist frontend/dist
RUN uv sync --frozen --no-dev --no-editable

FROM runtime AS server
COPY --from=packages /opt/home-media /opt/home-media
COPY dagster.yaml /var/lib/home-media/dagster/
COPY deploy/workspace.yaml /etc/home-media/

# The same with the networks for a processor: the API then reads what is searched for,
# and a house without a graphics card looks at its pictures here. The lock file's torch
# brings 4 GB of CUDA; this one, of the same version, comes from torch's own index.
FROM packages AS packages-vision
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
RUN uv export --frozen --no-dev --extra vision --no-emit-project --no-hashes \
      --no-annotate --quiet --output-file /tmp/locked.txt \
 && grep -E '^torch(vision)?==' /tmp/locked.txt | cut -d' ' -f1 > /tmp/torch.txt \
 && grep -vE '^(torch|torchvision|triton|nvidia-|cuda-)' /tmp/locked.txt > /tmp/rest.txt \
 && export VIRTUAL_ENV=/opt/home-media \
 && uv pip install --index-url "$TORCH_INDEX" --no-deps -r /tmp/torch.txt \
 && uv pip install --no-deps -r /tmp/rest.txt

FROM runtime AS server-vision
COPY --from=packages-vision /opt/home-media /opt/home-media
COPY dagster.yaml /var/lib/home-media/dagster/
COPY deploy/workspace.yaml /etc/home-media/
