# Stage 1 checks out nothing and builds everything; stage 2 holds only what runs.
FROM node:26.10.0-slim AS build
WORKDIR /haven
COPY package.json package-lock.json .npmrc tsconfig.json ./
RUN npm ci --no-audit --no-fund
COPY src ./src
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:26.10.0-slim
ENV NODE_ENV=production
WORKDIR /haven
COPY --from=build /haven/package.json ./
COPY --from=build /haven/node_modules ./node_modules
COPY --from=build /haven/dist ./dist
COPY policies ./policies
# The root file system is read-only (docker run --read-only): configuration is mounted, and only the journal's volume is written.
RUN mkdir -p /var/lib/haven && chown node:node /var/lib/haven
VOLUME ["/var/lib/haven"]
USER node
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["node", "-e", "fetch('http://127.0.0.1:8081/readyz').then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/main.js"]
CMD ["serve", "--config", "/etc/haven/haven.yaml"]
