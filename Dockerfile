# The server alone: one file, no node_modules. Configure it with the variables of server/.env.example:
#   docker build -t cos-presign-server .
#   docker run --env-file server/.env -p 3000:3000 cos-presign-server

FROM node:22-alpine AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
COPY tsconfig.json tsconfig.node.json ./
COPY miniprogram/cos miniprogram/cos
COPY server server
RUN npx esbuild server/main.ts --bundle --platform=node --target=node20 --external:@fastify/swagger-ui --outfile=dist/server.js

FROM node:22-alpine
WORKDIR /app
COPY --from=build /app/dist/server.js ./
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
USER node
EXPOSE 3000
# Not /health, which waits for STS: its outage is no reason to restart.
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/config`).catch(() => process.exit(1))"]
CMD ["node", "server.js"]
