package dev.abide.engine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.abide.engine.internal.disk.DiskFile;
import dev.abide.engine.internal.disk.MemoryDisk;
import dev.abide.engine.internal.store.ApplyListener;
import dev.abide.engine.internal.store.Change;
import dev.abide.engine.internal.store.Commit;
import dev.abide.engine.internal.store.KeyRange;
import dev.abide.engine.internal.store.ObjectName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of the journal are final: what is written once is read for ever. */
final class GoldenJournalTest {
  private static final long SALT = 0x5A5A5A5A5A5A5A5AL;
  private static final long LINEAGE = 7;

  private static final String HEADER =
      """
      414249444553470a 00000001 00000000 0000000000000007 0000000000000001 5a5a5a5a5a5a5a5a
      ffffffffffffffff 0000000000000000 0000000000000000 0000000000000000 33f7b6cd 00000000
      """;
  private static final String HEADER_THAT_CONTINUES =
      """
      414249444553470a 00000001 00000000 0000000000000007 0000000000000002 5a5a5a5a5a5a5a5a
      0000000000000001 0000000000000050 0000000000000003 0000000000000004 231d1f86 00000000
      """;
  private static final String BATCH =
      """
      ab1deba7 f6940453 5a5a5a5a5a5a5a5a 0000000000000008 0000000000000003 00000001 00000000
      0000000000000002 0102030405060708
      """;
  private static final String COMMIT =
      """
      0000005e 00000000 0000000000000000 0000000000000000 0102030405060708 1112131415161718
      0001 54 0002 6964
      00000002 00000001 02 00000001 03 00000001 04 ffffffff
      00000002 00000001 05 00000002 0607 00000001 08 ffffffff 0000
      """;
  private static final String DELETION =
      """
      00000037 00000001 0000000000000000 0000000000000000 0000000000000001 0000000000000002
      0001 54 0002 6964 00000000 00000000 00
      """;
  private static final String IDENTITY =
      """
      414249444549440a 00000001 0000000000000007 30313233343536373839616263646566 5ca13232
      """;

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] all = new byte[buffer.remaining()];
    buffer.duplicate().get(all);
    return all;
  }

  @Test
  void segmentHeader() {
    SegmentHeader plain = new SegmentHeader(LINEAGE, 1, SALT, null);
    SegmentHeader continues = new SegmentHeader(LINEAGE, 2, SALT, new JournalEnd(1, 80, 3, 4));

    assertThat(bytes(plain.bytes())).isEqualTo(bytes(HEADER));
    assertThat(bytes(continues.bytes())).isEqualTo(bytes(HEADER_THAT_CONTINUES));
    assertThat(SegmentHeader.read(ByteBuffer.wrap(bytes(HEADER)), 1, LINEAGE)).isEqualTo(plain);
    assertThat(SegmentHeader.read(ByteBuffer.wrap(bytes(HEADER_THAT_CONTINUES)), 2, LINEAGE))
        .isEqualTo(continues);
    assertThat(SegmentHeader.fileName(26)).isEqualTo("segment-000000000000001a");
  }

  @Test
  void batch() {
    Batch batch = new Batch(SALT, 8, 3, 1, 2);
    ByteBuffer whole = ByteBuffer.allocate(Batch.HEADER_BYTES + 8);
    whole.putLong(Batch.HEADER_BYTES, 0x0102030405060708L);
    batch.seal(whole);

    assertThat(bytes(whole)).isEqualTo(bytes(BATCH));
    assertThat(Batch.read(ByteBuffer.wrap(bytes(BATCH)))).isEqualTo(batch);
  }

  @Test
  void commit() {
    Commit commit =
        new Commit(
            new ObjectName("T", "id", 0x0102030405060708L, 0x1112131415161718L),
            false,
            List.of(
                new KeyRange(new byte[] {2}, new byte[] {3}), new KeyRange(new byte[] {4}, null)),
            List.of(
                new Change(new byte[] {5}, new byte[] {6, 7}), new Change(new byte[] {8}, null)),
            ApplyListener.NONE);
    Commit deletion =
        new Commit(new ObjectName("T", "id", 1, 2), true, List.of(), List.of(), ApplyListener.NONE);

    assertThat(CommitCodec.encode(commit)).isEqualTo(bytes(COMMIT));
    assertThat(CommitCodec.encode(deletion)).isEqualTo(bytes(DELETION));
    // Read and written again, so that nothing of it is lost on the way in.
    assertThat(CommitCodec.encode(CommitCodec.decode(ByteBuffer.wrap(bytes(COMMIT))).commit()))
        .isEqualTo(bytes(COMMIT));
    assertThat(CommitCodec.encode(CommitCodec.decode(ByteBuffer.wrap(bytes(DELETION))).commit()))
        .isEqualTo(bytes(DELETION));
  }

  @Test
  void identity() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    try (DiskFile file = disk.open("identity", true)) {
      file.write(ByteBuffer.wrap(bytes(IDENTITY)), 0);
    }
    Identity identity = Identity.of(disk);

    assertThat(identity.lineage()).isEqualTo(LINEAGE);
    assertThat(identity.hashKey())
        .isEqualTo("0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
  }
}
