package io.caravan.console;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;

/** The people who have logged in, by the random text of their cookies. */
final class Logins {
  static final String COOKIE = "caravan-console";
  private static final int BYTES = 32;
  private static final int MOST = 1000;
  private static final int TRIES_A_MINUTE = 20;
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final SecureRandom random = new SecureRandom();
  private final Cache<String, Viewer> viewers =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(Duration.ofHours(12)).build();
  private long minute = System.nanoTime();
  private int tries;

  /** Returns whether one more key may be tried now: guessing is slow. */
  synchronized boolean mayTry() {
    long now = System.nanoTime();
    if (now - minute > MINUTE) {
      minute = now;
      tries = 0;
    }
    tries++;
    return tries <= TRIES_A_MINUTE;
  }

  /** Returns the text of a new cookie for a person. */
  String add(Viewer viewer) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String cookie = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    viewers.put(cookie, viewer);
    return cookie;
  }

  /** Returns whose cookie it is; null if it is none or has expired. */
  Viewer of(String cookie) {
    return cookie == null ? null : viewers.getIfPresent(cookie);
  }

  void remove(String cookie) {
    viewers.invalidate(cookie);
  }
}
