/**
 * `npm run openapi` writes docs/openapi.json from the schemas of the gateway; with `--check` it writes nothing, and fails where
 * the file is not what it would write, or the document is not valid OpenAPI 3.1.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { format, resolveConfig } from 'prettier';
import { openApiDocument } from '../packages/gateway/src/api/openapi/document.ts';

const FILE = 'docs/openapi.json';

const document = openApiDocument();
const { valid, errors } = await new Validator().validate(structuredClone(document));
if (!valid) {
  console.error(`${FILE} would not be valid OpenAPI 3.1: ${JSON.stringify(errors, null, 2)}`);
  process.exitCode = 1;
}
const text = await format(JSON.stringify(document), { ...(await resolveConfig(FILE)), filepath: FILE });
if (!process.argv.includes('--check')) await writeFile(FILE, text);
else if ((await readFile(FILE, 'utf8').catch(() => '')) !== text) {
  console.error(`${FILE} is stale: it is not what the schemas say now; write it with \`npm run openapi\``);
  process.exitCode = 1;
}
