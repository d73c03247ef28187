// Unpacks the packaged Chromium into the folder that TMPDIR names, with the libraries that a bare machine lacks.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { inflate } from "@sparticuz/chromium";

const packed = join(import.meta.dirname, "node_modules", "@sparticuz", "chromium", "bin");
for (const name of await readdir(packed)) {
  await inflate(join(packed, name));
}
