package io.caravan.record;

import java.io.ByteArrayOutputStream;

/** Bytes of one side of an exchange, as long as there is room for them. */
final class RecordedBytes {
  private final Room room;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  RecordedBytes(Room room) {
    this.room = room;
  }

  synchronized void add(byte[] buffer, int offset, int count) {
    if (room.take(count)) {
      bytes.write(buffer, offset, count);
    } else {
      // A part of a side is of no use, and the memory is needed.
      bytes.reset();
    }
  }

  synchronized void clear() {
    bytes.reset();
  }

  synchronized byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
