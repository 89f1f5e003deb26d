// Metadata by exiftool-vendored, one ExifTool process; costs as JSON.
// node metadata.mjs FILE...
import { createRequire } from "node:module";

const require = createRequire(`${process.env.BENCH_PEERS}/`);
const { ExifTool } = require("exiftool-vendored");
const files = process.argv.slice(2);
const exiftool = new ExifTool({ maxProcs: 1, taskTimeoutMillis: 60_000 });
await exiftool.read(files[0]);
const started = process.hrtime.bigint();
await Promise.all(files.map((file) => exiftool.read(file)));
const wall = Number(process.hrtime.bigint() - started) / 1e9;
await exiftool.end();
console.log(JSON.stringify({ cpu: wall, wall }));
