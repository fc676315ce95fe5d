package dev.abide.jmh.baseline;

import dev.abide.jmh.Rows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Numbers in an SQLite table, with {@code journal_mode=WAL} and {@code synchronous=FULL}, which its
 * documentation asks of commits that must survive a power loss. SQLite has one writer at a time, so
 * all writers share one connection and one prepared statement behind a lock, a transaction for each
 * call; readers take one of as many connections as there are processors. It enters native code, so
 * its callers are platform threads, at most 256. Differs from an object: no two calls share a sync.
 */
public final class SqliteRows implements Rows {
  private final Connection writing;
  private final PreparedStatement update;
  private final PreparedStatement selectOwn;
  private final ReentrantLock writer = new ReentrantLock();
  private final List<Connection> reading = new ArrayList<>();
  private final BlockingQueue<PreparedStatement> selects;

  /** Makes a table with this many rows, each with {@link Rows#FIRST}. */
  public SqliteRows(Path directory, int rows) throws SQLException {
    String url = "jdbc:sqlite:" + directory.resolve("rows.db");
    writing = DriverManager.getConnection(url);
    try (Statement statement = writing.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=FULL");
      statement.execute("CREATE TABLE tally (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)");
    }
    writing.setAutoCommit(false);
    try (PreparedStatement insert =
        writing.prepareStatement("INSERT INTO tally VALUES (?, " + FIRST + ")")) {
      for (int row = 0; row < rows; row++) {
        insert.setInt(1, row);
        insert.execute();
      }
    }
    writing.commit();
    writing.setAutoCommit(true);
    update = writing.prepareStatement("UPDATE tally SET n = n + 1 WHERE id = ?");
    selectOwn = writing.prepareStatement("SELECT n FROM tally WHERE id = ?");
    int readers = Runtime.getRuntime().availableProcessors();
    selects = new ArrayBlockingQueue<>(readers);
    for (int reader = 0; reader < readers; reader++) {
      Connection connection = DriverManager.getConnection(url);
      reading.add(connection);
      selects.add(connection.prepareStatement("SELECT n FROM tally WHERE id = ?"));
    }
  }

  @Override
  public void store(int row) throws SQLException {
    writer.lock();
    try {
      update.setInt(1, row);
      if (update.executeUpdate() != 1) {
        throw new SQLException("there is no row " + row);
      }
    } finally {
      writer.unlock();
    }
  }

  @Override
  public long addAndReadSynced(int row) throws SQLException {
    writer.lock();
    try {
      writing.setAutoCommit(false);
      try {
        store(row);
        return read(selectOwn, row);
      } finally {
        // Commits, as its contract says.
        writing.setAutoCommit(true);
      }
    } finally {
      writer.unlock();
    }
  }

  @Override
  public long read(int row) throws SQLException, InterruptedException {
    PreparedStatement select = selects.take();
    try {
      return read(select, row);
    } finally {
      selects.add(select);
    }
  }

  private static long read(PreparedStatement select, int row) throws SQLException {
    select.setInt(1, row);
    try (ResultSet found = select.executeQuery()) {
      if (!found.next()) {
        throw new SQLException("there is no row " + row);
      }
      return found.getLong(1);
    }
  }

  @Override
  public void close() {
    try (writing;
        update;
        selectOwn) {
      for (Connection connection : reading) {
        // And its statement with it.
        connection.close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("SQLite could not be closed", e);
    }
  }
}
