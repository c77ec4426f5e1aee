package io.caravan.translate.request;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Maps tool names to those that the upstream accepts, and back. OpenAI and most others accept
 * {@code [a-zA-Z0-9_-]{1,64}} (home-assistant/core#121325); MCP tools of Claude Code often have
 * longer ones (packit/ai-workflows#619). An alias depends on the name alone, so that it is the same
 * in tools, history and tool_choice, and on every replica.
 */
public final class ToolNames {
  private static final int HASH_LENGTH = 8;

  private final int limit;
  private final Set<String> declared = new LinkedHashSet<>();
  private final Map<String, String> originals = new HashMap<>();

  ToolNames(int limit) {
    this.limit = limit;
  }

  /** Declares a tool and returns its name for the upstream. */
  String declare(String name) {
    String alias = alias(name);
    declared.add(name);
    originals.put(alias, name);
    originals.putIfAbsent(folded(name), name);
    originals.putIfAbsent(folded(alias), name);
    return alias;
  }

  /**
   * Returns the name for the upstream: the same if it is accepted, else a cut, cleaned and distinct
   * one.
   */
  public String alias(String name) {
    if (name.length() <= limit && isClean(name)) {
      return name;
    }
    StringBuilder alias = new StringBuilder();
    int room = Math.max(0, limit - HASH_LENGTH - 1);
    for (int i = 0; i < name.length() && alias.length() < room; i++) {
      alias.append(isClean(name.charAt(i)) ? name.charAt(i) : '_');
    }
    return alias.append('_').append(hash(name)).toString();
  }

  /**
   * Returns the client's name of a tool that an upstream called. LM Studio changes names to
   * snake_case, models change the case. A name that leads to no declared tool is returned
   * unchanged.
   */
  public String original(String upstreamName) {
    if (declared.contains(upstreamName)) {
      return upstreamName;
    }
    String name = originals.get(upstreamName);
    if (name == null) {
      name = originals.get(folded(upstreamName));
    }
    return name == null ? upstreamName : name;
  }

  /** Returns the client's names of the tools that the upstream knows, in their order. */
  public Set<String> declared() {
    return declared;
  }

  private static boolean isClean(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!isClean(name.charAt(i))) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private static boolean isClean(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }

  /** Returns a key that isn't itself a name, since a name can't contain a space. */
  private static String folded(String name) {
    return " " + name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  private static String hash(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_LENGTH / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
