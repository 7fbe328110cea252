# The image of web, worker and beat; compose says which of them a container is.
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/outreach \
    && /opt/outreach/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
COPY . .
RUN /opt/outreach/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /srv/outreach --create-home outreach \
    && install -d -o outreach -g outreach /srv/outreach/storage
COPY --from=build /opt/outreach /opt/outreach
ENV PATH=/opt/outreach/bin:$PATH PYTHONUNBUFFERED=1 OUTREACH_NO_VENV=1
USER outreach
WORKDIR /srv/outreach
VOLUME /srv/outreach/storage
EXPOSE 8000
ENTRYPOINT ["outreach"]
CMD ["web", "--bind", "0.0.0.0:8000"]
