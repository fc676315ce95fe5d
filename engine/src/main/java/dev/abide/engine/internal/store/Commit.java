package dev.abide.engine.internal.store;

import java.util.List;

/**
 * The post-images of one turn of one object, or of a part of a turn that {@code commit()} ended.
 * Order of meaning: first the object is deleted as a whole if {@code deletesObject}, then the
 * ranges are cleared, then the changes are made. A commit that deletes the object holds nothing
 * else.
 *
 * <p>Immutable. A commit gets its number when it is appended, see {@link ObjectStore#append}.
 *
 * @param name the object
 * @param deletesObject whether everything that the object has is removed
 * @param cleared ranges cleared before the changes are made
 * @param changes in ascending key order, each key at most once
 * @param owner told when the commit stands in the store
 */
public record Commit(
    ObjectName name,
    boolean deletesObject,
    List<KeyRange> cleared,
    List<Change> changes,
    ApplyListener owner) {}
