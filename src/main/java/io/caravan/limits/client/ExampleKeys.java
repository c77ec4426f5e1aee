package io.caravan.limits.client;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Keys that stand in documents and templates. Everyone knows them, so a gateway with one of them is
 * open to everyone.
 */
public final class ExampleKeys {
  private static final Pattern SIGNS = Pattern.compile("[^a-z0-9]");

  /** A text that asks to be replaced, without signs, behind the prefix of a key. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "(?:sk|skant|skor|nvapi|gsk|key)?(?:(?:change|replace|insert|put|enter|paste|edit)"
              + "(?:me|this|it|with|your|here).*|(?:your|my).*(?:key|keys|token|secret|here)"
              + "|placeholder|todo|fixme|tbd|x{3,})");

  /** A key as documents print it: in angle brackets, or with dots or stars for its rest. */
  private static final Pattern LEFT_OUT = Pattern.compile("(?s)(?:<.*>|.*(?:…|\\.{3}|\\*{3}))");

  /** Words for a key, without signs. */
  private static final Set<String> WORDS =
      Set.of(
          "apikey",
          "secret",
          "mysecret",
          "secretkey",
          "topsecret",
          "password",
          "passw0rd",
          "example",
          "examplekey",
          "dummy",
          "dummykey",
          "test",
          "test1",
          "test2",
          "test123",
          "testkey",
          "demo",
          "demokey",
          "default",
          "admin",
          "letmein",
          "foo",
          "bar",
          "foobar",
          "abc",
          "abc123",
          "123",
          "1234",
          "12345",
          "123456",
          "12345678",
          "123456789",
          "any",
          "anything",
          "none",
          "null",
          "nokey",
          "sk1234",
          "sk123456",
          "sktest",
          "skexample",
          "skdummy",
          "skant",
          "skanttest",
          "nvapi",
          "nvapiexample",
          "key",
          "token");

  /** The hashes of those words as they are mostly written, for files that have hashes alone. */
  private static final Set<String> HASHES =
      Set.of(
              "change-me",
              "changeme",
              "change_me",
              "CHANGEME",
              "CHANGE_ME",
              "change-this",
              "test",
              "test2",
              "secret",
              "password",
              "example",
              "your-key",
              "your-api-key",
              "dummy",
              "demo",
              "any",
              "")
          .stream()
          .map(word -> WatchedFile.sha256(word.getBytes(StandardCharsets.UTF_8)))
          .map(HexFormat.of()::formatHex)
          .collect(Collectors.toUnmodifiableSet());

  private ExampleKeys() {}

  /** Returns whether a client's key is one of a document, in any case and with any signs in it. */
  public static boolean contain(String key) {
    return isPlaceholder(key) || WORDS.contains(plain(key));
  }

  /**
   * Returns whether a text asks to be replaced by a key. Words like {@code none} don't: servers of
   * one's own take any key.
   */
  public static boolean isPlaceholder(String key) {
    return LEFT_OUT.matcher(key).matches() || PLACEHOLDER.matcher(plain(key)).matches();
  }

  private static String plain(String key) {
    return SIGNS.matcher(key.toLowerCase(Locale.ROOT)).replaceAll("");
  }

  /** Returns whether a hash is that of one of them. */
  static boolean containHash(String hex) {
    return HASHES.contains(hex);
  }
}
