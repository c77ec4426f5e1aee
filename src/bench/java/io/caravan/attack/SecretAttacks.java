package io.caravan.attack;

import io.caravan.attack.Attack.Result;
import io.caravan.attack.Lab.Keys;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** Has the upstream quote its key in every way and place. */
final class SecretAttacks {
  private SecretAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "the upstream quotes its key in 19 ways; in answers to clients",
            "in details, type, code, param and cut",
            SecretAttacks::quotedKeys));
  }

  private static Result quotedKeys(Lab lab) throws Exception {
    int forms = SpelledKeys.of(Lab.UPSTREAM_KEY).size();
    int shown = 0;
    int logged = lab.log().length();
    for (int i = 0; i < forms; i++) {
      boolean found = false;
      for (String model : List.of("nim/a/model", "anthropic/a/model")) {
        for (String order : List.of(Upstream.REFUSE, Upstream.BREAK)) {
          for (boolean stream : new boolean[] {true, false}) {
            String body = Lab.body(model, order + "%02d".formatted(i), 9, stream);
            HttpResponse<String> answer = lab.send(lab.message(Keys.GOOD, body));
            found |= SpelledKeys.isIn(answer.headers().map() + answer.body(), Lab.UPSTREAM_KEY);
          }
        }
      }
      shown += found ? 1 : 0;
    }
    boolean elsewhere =
        SpelledKeys.isIn(lab.log().substring(logged), Lab.UPSTREAM_KEY)
            || SpelledKeys.isIn(observed(lab, "/observe/metrics"), Lab.UPSTREAM_KEY)
            || SpelledKeys.isIn(observed(lab, "/observe/health"), Lab.UPSTREAM_KEY)
            || SpelledKeys.isIn(observed(lab, "/observe/learned"), Lab.UPSTREAM_KEY);
    return new Result(
        shown + " of " + forms + (elsewhere ? ", and in the log or a metric" : ""),
        shown == 0 && !elsewhere);
  }

  private static String observed(Lab lab, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + lab.caravan().managementPort() + path);
    return lab.send(HttpRequest.newBuilder(uri)).body();
  }
}
