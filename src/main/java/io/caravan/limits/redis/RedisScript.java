package io.caravan.limits.redis;

import io.lettuce.core.codec.Base16;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A Lua script that Redis runs as one step.
 *
 * @param digest the SHA-1 by which Redis knows a script that it has run before
 */
record RedisScript(String text, String digest) {

  /** Loads a script from the package of this class. */
  static RedisScript load(String name) {
    try (InputStream in = RedisScript.class.getResourceAsStream(name)) {
      byte[] bytes = in.readAllBytes();
      return new RedisScript(new String(bytes, StandardCharsets.UTF_8), Base16.digest(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
