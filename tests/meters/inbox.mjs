// Asks html-validate and caniemail about many documents in one process.
//
// argv: the folder of the packages. stdin: {documents: {name: html}, clients, rules}.
// stdout: {name: {invalid: ["line: message [rule]"], unsupported: {client: [feature]}}}.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(`${process.argv[2]}/index.js`));
const { HtmlValidate } = require("html-validate");
const { caniemail, rawData } = await import(pathToFileURL(require.resolve("caniemail")));

const { documents, clients, rules } = JSON.parse(readFileSync(0, "utf8"));
const validator = new HtmlValidate({ extends: ["html-validate:recommended"], rules });

// caniemail throws at the first feature of which a client was never asked; that is unknown here.
for (const { stats } of rawData.data)
  for (const client of clients) {
    const [family, platform] = client.split(".");
    ((stats[family] ??= {})[platform] ??= { never: "u" });
  }

async function invalid(html) {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ line, message, ruleId }) => `${line}: ${message} [${ruleId}]`),
  );
}

// Each kind of tag once: what counts is which features there are, and a long post has many tags.
function kinds(html) {
  const [head, body] = html.replace(/<!--[^]*?-->/g, "").split(/(?=<body)/);
  const tags = body.match(/<[a-z][^>]*>/gi).map((tag) =>
    tag
      .replace(/ (?:id|alt|title|width|height)="[^"]*"/g, (one) => one.replace(/"[^"]*"/, '"1"'))
      .replace(/ href="(#|mailto:|[a-z]+:)[^"]*"/, ' href="$1x"')
      .replace(/ src="[^"]*?(\.\w+)?(?:\?[^"]*)?"/, ' src="x$1"'),
  );
  return head + [...new Set(tags)].join("");
}

function unsupported(whole) {
  const html = kinds(whole);
  const { errors } = caniemail({ clients, html }).issues;
  const titles = (client) => new Set((errors.get(client) ?? []).map(({ title }) => title));
  return Object.fromEntries(clients.map((client) => [client, [...titles(client)].sort()]));
}

const answer = {};
for (const [name, html] of Object.entries(documents))
  answer[name] = { invalid: await invalid(html), unsupported: unsupported(html) };
process.stdout.write(JSON.stringify(answer));
