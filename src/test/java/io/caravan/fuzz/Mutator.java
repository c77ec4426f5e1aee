package io.caravan.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Makes valid input malformed: JSON by a value of another kind, a repeated or a missing member;
 * bytes by flips, cuts and sequences that parsers fail at. The same random numbers give the same
 * input.
 */
final class Mutator {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final String[] ODD_VALUES = {
    "null",
    "true",
    "0",
    "-1",
    "-0.0",
    "1e999",
    "1e-999",
    "0.1e1",
    "2147483648",
    "9223372036854775808",
    "9".repeat(400),
    "9".repeat(1500),
    "\"\"",
    "\" \"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"a\\ud83d\"",
    "\"\ufffe\"",
    "\"\\\"\\\\\"",
    "\"<tool_call>\"",
    "\"</think>\"",
    "\"__proto__\"",
    "\"../../etc/passwd\"",
    "\"data:image/png;base64,\"",
    "[]",
    "{}",
    "[[]]",
    "[null]",
    "{\"\":\"\"}",
    "{\"type\":\"text\"}",
    "{\"type\":\"text\",\"text\":null}",
    "{\"type\":\"tool_use\"}",
    "{\"type\":17}"
  };

  private static final byte[][] ODD_BYTES = {
    {0},
    {(byte) 0xff},
    {(byte) 0xc0, (byte) 0x80},
    {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
    {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
    {(byte) 0xe2, (byte) 0x82},
    {(byte) 0xef, (byte) 0xbb, (byte) 0xbf},
    ascii("\""),
    ascii("\\"),
    ascii("\\u"),
    ascii("\\ud800"),
    ascii("{"),
    ascii("}"),
    ascii("]"),
    ascii(","),
    ascii(":"),
    ascii("\n"),
    ascii("\r"),
    ascii("\r\n\r\n"),
    ascii("\n\n"),
    ascii("data: "),
    ascii("event: error\n"),
    ascii("data: [DONE]\n\n"),
    ascii(": \n"),
    ascii("NaN"),
    ascii("-")
  };

  private final Random random;

  Mutator(Random random) {
    this.random = random;
  }

  /** Returns a JSON text with one to four faults or, rarely, none. */
  byte[] json(byte[] text) {
    byte[] out = text;
    int kinds = random.nextInt(10);
    if (kinds < 8) {
      out = tree(out);
    }
    if (kinds >= 7) {
      out = bytes(out);
    }
    return out;
  }

  /** Returns bytes with a few faults or, rarely, none. */
  byte[] mostly(byte[] original) {
    return random.nextInt(10) == 0 ? original : bytes(original);
  }

  /** Returns bytes with one to four faults. */
  byte[] bytes(byte[] original) {
    byte[] out = original;
    for (int times = 1 + random.nextInt(4); times > 0; times--) {
      out = spoil(out);
    }
    return out;
  }

  private byte[] spoil(byte[] in) {
    int at = random.nextInt(in.length + 1);
    int length = Math.min(in.length - at, 1 + random.nextInt(random.nextBoolean() ? 4 : 400));
    return switch (random.nextInt(7)) {
      case 0 -> flip(in);
      case 1 -> Arrays.copyOf(in, at);
      case 2 -> splice(in, at, at + length, new byte[0]);
      case 3 -> splice(in, at, at, Arrays.copyOfRange(in, at, at + length));
      case 4 -> splice(in, at, at, repeated(Arrays.copyOfRange(in, at, at + length)));
      case 5 -> splice(in, at, at + length, odd());
      default -> splice(in, at, at, odd());
    };
  }

  private byte[] flip(byte[] in) {
    byte[] out = in.clone();
    for (int times = 1 + random.nextInt(3); times > 0 && out.length > 0; times--) {
      out[random.nextInt(out.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return out;
  }

  private byte[] odd() {
    return ODD_BYTES[random.nextInt(ODD_BYTES.length)];
  }

  private byte[] repeated(byte[] part) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int times = random.nextInt(200); times > 0; times--) {
      out.write(part, 0, part.length);
    }
    return out.toByteArray();
  }

  private static byte[] splice(byte[] in, int from, int to, byte[] part) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.length + part.length);
    out.write(in, 0, from);
    out.write(part, 0, part.length);
    out.write(in, to, in.length - to);
    return out.toByteArray();
  }

  private byte[] tree(byte[] text) {
    try {
      JsonNode root = JSON.readTree(text);
      for (int times = 1 + random.nextInt(3); times > 0; times--) {
        change(root);
      }
      return JSON.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      // The input was not JSON.
      return bytes(text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void change(JsonNode root) {
    List<JsonNode> holders = new ArrayList<>();
    collect(root, holders);
    if (holders.isEmpty()) {
      return;
    }
    JsonNode holder = holders.get(random.nextInt(holders.size()));
    if (holder instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      change(object, names.get(random.nextInt(names.size())));
    } else if (holder instanceof ArrayNode array) {
      change(array, random.nextInt(array.size()));
    }
  }

  private static void collect(JsonNode node, List<JsonNode> holders) {
    if (node.isContainerNode() && !node.isEmpty()) {
      holders.add(node);
      node.forEach(child -> collect(child, holders));
    }
  }

  private void change(ObjectNode object, String name) {
    switch (random.nextInt(6)) {
      case 0 -> object.remove(name);
      // A second member of the same name: parsers differ in which one counts.
      case 1 ->
          object.putRawValue(
              name,
              new RawValue(object.get(name) + "," + NODES.textNode(name) + ":" + value(object)));
      case 2 -> object.set(value(object).replaceAll("\\W", ""), object.get(name));
      default -> object.putRawValue(name, new RawValue(value(object.get(name))));
    }
  }

  private void change(ArrayNode array, int at) {
    switch (random.nextInt(5)) {
      case 0 -> array.remove(at);
      case 1 -> {
        for (int times = 1 + random.nextInt(50); times > 0; times--) {
          array.insert(at, array.get(at));
        }
      }
      case 2 -> array.add(array.get(random.nextInt(array.size())));
      default -> array.setRawValue(at, new RawValue(value(array.get(at))));
    }
  }

  private String value(JsonNode instead) {
    return switch (random.nextInt(12)) {
      case 0 -> nested(random.nextInt(400), instead.toString());
      case 1 -> endless(instead);
      case 2 -> NODES.textNode(instead.toString()).toString();
      case 3 -> "[" + instead + "," + instead + "]";
      default -> ODD_VALUES[random.nextInt(ODD_VALUES.length)];
    };
  }

  private static String nested(int depth, String value) {
    return depth % 2 == 0
        ? "[".repeat(depth) + value + "]".repeat(depth)
        : "{\"a\":".repeat(depth) + value + "}".repeat(depth);
  }

  /** Returns a very long word, with which tokenizers are slow. */
  private String endless(JsonNode instead) {
    String[] letters = {"a", " ", "\\n", "\u4e2d", "\\ud83d\\ude00", "!", "<", "\\u0001", "{"};
    String letter = letters[random.nextInt(letters.length)];
    int length = 1 << random.nextInt(17);
    return "\"" + instead.asText().replaceAll("[^a-z ]", "") + letter.repeat(length) + "\"";
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
