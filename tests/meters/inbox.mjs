// Asks html-validate and caniemail about many documents in one process.
//
// argv: the folder of the packages. stdin: {documents: {name: html}, clients, rules}.
// stdout: {name: {invalid: ["line: message [rule]"], clients: {client: {lacks, unasked: [feature]}}}}.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(`${process.argv[2]}/index.js`));
const { HtmlValidate } = require("html-validate");
const { caniemail, rawData } = await import(pathToFileURL(require.resolve("caniemail")));

const { documents, clients, rules } = JSON.parse(readFileSync(0, "utf8"));
const validator = new HtmlValidate({ extends: ["html-validate:recommended"], rules });

// What a client makes of a feature now: y, a (in part), n or u (never asked).
// caniemail would take the version that sorts last as text, 9 after 16 and Outlook 2016 after
// 16.80, and throws at a feature of which a client was never asked. Versions and days cannot be
// compared, so the newest of each counts, the worst of them; years are product names of long ago.
function verdict(stats) {
  const kinds = { day: [], version: [], year: [] };
  for (const key of Object.keys(stats ?? {}))
    kinds[/^\d{4}-\d\d$/.test(key) ? "day" : /^(19|20)\d\d$/.test(key) ? "year" : "version"].push(key);
  if (kinds.day.length + kinds.version.length) kinds.year = [];
  const newest = Object.values(kinds).flatMap((keys) => keys.sort(byNumber).slice(-1));
  const said = newest.map((key) => stats[key][0]);
  return ["n", "u", "a", "y"].find((letter) => said.includes(letter)) ?? "u";
}

function byNumber(one, other) {
  const [ours, theirs] = [one, other].map((key) => key.split(/[.-]/).map(Number));
  const at = ours.findIndex((number, place) => number !== theirs[place]);
  return at < 0 ? ours.length - theirs.length : ours[at] - (theirs[at] ?? -1);
}

const neverAsked = Object.fromEntries(clients.map((client) => [client, new Set()]));
for (const { stats, title } of rawData.data)
  for (const client of clients) {
    const [family, platform] = client.split(".");
    const now = verdict(stats[family]?.[platform]);
    (stats[family] ??= {})[platform] = { now };
    if (now === "u") neverAsked[client].add(title);
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

function verdicts(whole) {
  const { errors, warnings } = caniemail({ clients, html: kinds(whole) }).issues;
  const titles = (found, client) => [...new Set((found.get(client) ?? []).map(({ title }) => title))].sort();
  const told = (client) => ({
    lacks: titles(errors, client),
    unasked: titles(warnings, client).filter((title) => neverAsked[client].has(title)),
  });
  return Object.fromEntries(clients.map((client) => [client, told(client)]));
}

const answer = {};
for (const [name, html] of Object.entries(documents))
  answer[name] = { invalid: await invalid(html), clients: verdicts(html) };
process.stdout.write(JSON.stringify(answer));
