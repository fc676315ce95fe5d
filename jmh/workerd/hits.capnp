using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .hits),
    (name = "disk", disk = (writable = true)),
  ],
  sockets = [(name = "http", http = (), service = "main")],
);

const hits :Workerd.Worker = (
  modules = [(name = "hits", esModule = embed "hits.js")],
  compatibilityDate = "2026-01-01",
  durableObjectNamespaces = [(className = "Hits", uniqueKey = "hits")],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [(name = "hits", durableObjectNamespace = "Hits")],
);
