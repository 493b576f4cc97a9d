# syntax=docker/dockerfile:1
# One image for every app; docker-compose.yml names the program that each service runs.

FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
RUN node tools/run.mjs build && npm prune --omit=dev --no-audit --no-fund

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps
WORKDIR /app
# owned by root: the process can read its program, not change it
COPY --from=build /app/package.json /app/nest-cli.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/libs/contracts/generated ./libs/contracts/generated
COPY --from=build /app/dist ./dist
# a new volume takes its owner from here: attachments of mail and parts of long SMS lie in them
RUN install -d -o node -g node /var/lib/lienmach/blobs /var/lib/lienmach/sms-parts /var/lib/lienmach/spool
USER node
CMD ["node", "dist/apps/core/src/main.js"]
