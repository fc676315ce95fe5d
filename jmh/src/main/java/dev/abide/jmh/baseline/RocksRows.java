package dev.abide.jmh.baseline;

import dev.abide.jmh.Rows;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/**
 * Numbers in RocksDB with its defaults and {@code sync=true}, as its documentation asks of writes
 * that must survive a power loss; writers that come together share a sync, which RocksDB does by
 * itself. A number is read, added to and put by the only caller of its row: RocksDB keeps nobody
 * apart here. It enters native code, so its callers are platform threads, at most 256.
 */
public final class RocksRows implements Rows {
  private final Options options;
  private final WriteOptions synced;
  private final RocksDB database;

  /** Makes a database with this many rows, each with {@link Rows#FIRST}. */
  public RocksRows(Path directory, int rows) throws RocksDBException {
    RocksDB.loadLibrary();
    options = new Options().setCreateIfMissing(true);
    synced = new WriteOptions().setSync(true);
    database = RocksDB.open(options, directory.toString());
    for (int row = 0; row < rows; row++) {
      database.put(key(row), number(FIRST));
    }
  }

  private static byte[] key(int row) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(row).array();
  }

  private static byte[] number(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  @Override
  public void store(int row) throws RocksDBException {
    database.put(synced, key(row), number(read(row) + 1));
  }

  @Override
  public long addAndReadSynced(int row) throws RocksDBException {
    database.put(key(row), number(read(row) + 1));
    long seen = read(row);
    database.flushWal(true);
    return seen;
  }

  @Override
  public long read(int row) throws RocksDBException {
    return ByteBuffer.wrap(database.get(key(row))).getLong();
  }

  @Override
  public void close() {
    database.close();
    synced.close();
    options.close();
  }
}
