package io.caravan.limits.client;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.zip.CRC32;

/**
 * A line of the usage ledger: day, client, tokens, and a CRC-32 of those, which reveals an
 * incomplete line.
 */
record LedgerLine(LocalDate day, String client, long tokens) {
  /** A length that no written line reaches. */
  static final int MAX_LENGTH = 200;

  String format() {
    String text = day + " " + client + " " + tokens;
    return text + " " + crc(text) + "\n";
  }

  /** Reads a line without its line end; returns null if the line is damaged. */
  static LedgerLine parse(String line) {
    int end = line.lastIndexOf(' ');
    if (end < 0 || !line.substring(end + 1).equals(crc(line.substring(0, end)))) {
      return null;
    }
    String[] words = line.substring(0, end).split(" ", -1);
    try {
      return words.length == 3
          ? new LedgerLine(LocalDate.parse(words[0]), words[1], Long.parseLong(words[2]))
          : null;
    } catch (DateTimeParseException | NumberFormatException e) {
      return null;
    }
  }

  private static String crc(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }
}
