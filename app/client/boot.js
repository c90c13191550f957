// Starts the islands of a page. A module of its own, so that no page needs an inline script.
//
// The bundle builder puts the real addresses where {{…}} stands and drops these comments.
// Islands are independent of each other: none has children, none is nested in another, and each
// reads its own properties from its element. A page without islands loads nothing more.

const islands = document.querySelectorAll("leptos-island[data-component]");

// An island's exported name ends in a hash of its source as the compiler prints it. Two compilers
// may print it differently, so the name alone decides where the whole does not match.
const nameOf = (component) => component.replace(/_\d+$/, "");

const finder = (client) => {
  const byName = new Map(Object.keys(client).map((key) => [nameOf(key), client[key]]));
  return (component) => client[component] ?? byName.get(nameOf(component));
};

const startOne = (find, island) => {
  const { component } = island.dataset;
  try {
    const run = find(component);
    if (!run) throw new Error("the bundle does not hold it");
    run(island);
    return true;
  } catch (error) {
    console.error(`The island ${component} could not start.`, error);
    return false;
  }
};

// Where the page library looks for the data of resources; islands here have none, and no page
// carries the inline scripts that would set these.
for (const name of ["__RESOLVED_RESOURCES", "__SERIALIZED_ERRORS", "__PENDING_RESOURCES", "__RESOURCE_RESOLVERS", "__INCOMPLETE_CHUNKS"]) {
  globalThis[name] ??= [];
}

const startAll = async () => {
  const [client, code] = await Promise.all([import("{{client}}"), fetch("{{wasm}}")]);
  await client.default({ module_or_path: code });
  client.hydrate?.();
  const find = finder(client);
  return [...islands].map((island) => startOne(find, island)).every(Boolean);
};

// Forms work without islands, so a page that cannot start them says so to developers only.
const started = islands.length === 0 || (await startAll().catch((error) => {
  console.error("The interactive parts of this page could not be loaded.", error);
  return false;
}));
document.documentElement.dataset.islands = started ? "ready" : "failed";
