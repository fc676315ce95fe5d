package dev.abide.engine.internal.store.chronicle;

/** A page in a map file is not what was written there. It ends the store, never the journal. */
final class DamagedPage extends RuntimeException {
  private static final long serialVersionUID = 1;

  private DamagedPage(String message) {
    super(message);
  }

  static DamagedPage of(PageId id, String fact) {
    return new DamagedPage(
        "page %s of shard %d is damaged: %s. The maps are rebuilt from the journal at the next open."
            .formatted(id, id.high() >>> 58, fact));
  }
}
