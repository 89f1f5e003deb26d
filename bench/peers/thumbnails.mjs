// Thumbnails by sharp, in the two ways a Node program makes them; costs as JSON.
// node thumbnails.mjs sharp|immich SIZES FILE...
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.BENCH_PEERS}/`);
const sharp = require("sharp");
const { rgbaToThumbHash } = await import(pathToFileURL(require.resolve("thumbhash")));
sharp.concurrency(1);
sharp.cache(false);

const [how, list, ...files] = process.argv.slice(2);
const sizes = list.split(",").map(Number);
const quality = (size) => ({ 256: 92, 512: 92, 1024: 86 })[size] ?? 82; // ours

async function once(file) {
  const largest = Math.max(...sizes);
  const within = { fit: "inside", withoutEnlargement: true };
  const { data, info } = await sharp(file)
    .rotate()
    .resize(largest, largest, within)
    .raw()
    .toBuffer({ resolveWithObject: true });
  for (const size of sizes) {
    const raw = { width: info.width, height: info.height, channels: info.channels };
    const reduced = sharp(data, { raw }).resize(size, size, within);
    await reduced.jpeg({ quality: quality(size) }).toBuffer();
  }
}

// As Immich's media repository does it for an sRGB picture: decoded once to what the
// preview needs, then thumbhash, 250 WebP and 1440 JPEG (short edges, 4:4:4).
async function immich(file) {
  const outside = { fit: "outside", withoutEnlargement: true };
  const { data, info } = await sharp(file, { failOn: "error", limitInputPixels: false })
    .pipelineColorspace("srgb")
    .withIccProfile("srgb")
    .rotate()
    .resize(1440, 1440, outside)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const again = () =>
    sharp(data, { raw, limitInputPixels: false })
      .pipelineColorspace("srgb")
      .withIccProfile("srgb");
  const tiny = await sharp(data, { raw })
    .resize(100, 100, { fit: "inside", withoutEnlargement: true })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  rgbaToThumbHash(tiny.info.width, tiny.info.height, tiny.data);
  await again().resize(250, 250, outside).webp({ quality: 80 }).toBuffer();
  await again()
    .resize(1440, 1440, outside)
    .jpeg({ quality: 80, chromaSubsampling: "4:4:4" })
    .toBuffer();
}

const make = how === "sharp" ? once : immich;
await make(files[0]);
const before = process.cpuUsage();
const started = process.hrtime.bigint();
for (const file of files) await make(file);
const wall = Number(process.hrtime.bigint() - started) / 1e9;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ cpu: (user + system) / 1e6, wall }));
