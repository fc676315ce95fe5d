package dev.abide.engine.internal.store;

/**
 * Who an object is: its type's name and its id, with the keyed 128-bit hash that decides its shard
 * and its place in files. Two objects are the same only if type and id are equal; the hash alone
 * never decides. A store without files leaves the hash at zero.
 *
 * @param type the name given in {@code @DurableObject}
 * @param id 1 to 1,024 bytes of well-formed UTF-8
 * @param hashHigh the upper half of the hash; its top six bits are the shard
 * @param hashLow the lower half of the hash
 */
public record ObjectName(String type, String id, long hashHigh, long hashLow) {
  /** The shard, 0 to 63, to which the object belongs for ever. */
  public int shard() {
    return (int) (hashHigh >>> 58);
  }

  @Override
  public String toString() {
    return type + "/" + id;
  }
}
