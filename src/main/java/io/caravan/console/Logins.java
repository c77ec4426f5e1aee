package io.caravan.console;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.function.BooleanSupplier;

/** The people who have logged in, by the random text of their cookies. */
final class Logins {
  static final String COOKIE = "caravan-console";
  private static final int BYTES = 32;
  private static final int MOST = 1000;
  private static final int TRIES_A_MINUTE = 20;

  private record Login(Viewer viewer, BooleanSupplier valid) {}

  private final SecureRandom random = new SecureRandom();
  private final Cache<String, Login> logins =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(Duration.ofHours(12)).build();
  private final PerMinute tries = new PerMinute(TRIES_A_MINUTE);

  /** Returns whether one more key may be tried now: guessing is slow. */
  boolean mayTry() {
    return tries.mayTry();
  }

  /**
   * Returns the text of a new cookie for a person.
   *
   * @param valid returns whether the key that they showed still holds
   */
  String add(Viewer viewer, BooleanSupplier valid) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String cookie = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    logins.put(cookie, new Login(viewer, valid));
    return cookie;
  }

  /** Returns whose cookie it is; null if it is none or it is over. */
  Viewer of(String cookie) {
    Login login = cookie == null ? null : logins.getIfPresent(cookie);
    return login == null || !login.valid().getAsBoolean() ? null : login.viewer();
  }

  void remove(String cookie) {
    logins.invalidate(cookie);
  }
}
