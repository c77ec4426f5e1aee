package io.caravan.attack;

import io.caravan.attack.Attack.Result;
import io.caravan.attack.Lab.Keys;
import io.caravan.testkit.OneRun;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Attacks on the limits of keys. */
final class LimitAttacks {
  private static final int AT_ONCE = 60;
  private static final int BUDGET = 1000;
  private static final int COST = 300;
  private static final int COUNTS = 10;
  private static final int RPM = 3;
  private static final int LONGEST_WAIT_MILLIS = 3000;

  /** The haiku of the labs is another model than all of these would be. */
  private static final List<String> NAMES =
      List.of(
          "claude-haiku-opus",
          "claude-opus",
          "claude-3-5-haiku-opus",
          "claude-opus[claude-haiku]",
          "claude-haiku-sonnet",
          "claude-haiku/../claude-opus",
          "claude-haiku,nim/a/model",
          "claude/nim/a/model",
          "nim/a/model",
          "nim/claude-haiku",
          "nim/auto",
          "anthropic/claude-haiku",
          "claude-haiku\\nclaude-opus",
          "CLAUDE-OPUS",
          "auto",
          "*");

  private LimitAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "models=claude-haiku*, and 16 names beside it; other models called",
            "by claude-haiku-opus",
            LimitAttacks::otherModels),
        new Attack(
            "60 at once at the end of a budget; tokens used of the budget",
            "51 times",
            LimitAttacks::manyAtOnce),
        new Attack(
            "a client leaves before the first content; its second request",
            "costs nothing, is served",
            LimitAttacks::leaves),
        new Attack(
            "10 count_tokens at a provider with rpm=3; asked there", "10", LimitAttacks::counts));
  }

  private static Result otherModels(Lab lab) throws Exception {
    Upstream.MODELS.clear();
    for (String name : NAMES) {
      for (boolean stream : new boolean[] {true, false}) {
        lab.send(lab.message(Keys.HAIKU, Lab.body(name, "Hi", 9, stream)));
      }
      lab.send(
          lab.message(Keys.HAIKU, Lab.body(name, "Hi", 9, false))
              .uri(URI.create(lab.caravan().url() + "/v1/messages/count_tokens")));
    }
    List<String> others =
        Upstream.MODELS.stream().filter(model -> !model.equals("small/model")).toList();
    boolean own =
        lab.send(lab.message(Keys.HAIKU, Lab.body("claude-haiku-4-5[1m]", "Hi", 9, false)))
                .statusCode()
            == 200;
    return new Result(others.size() + " of " + NAMES.size(), others.isEmpty() && own);
  }

  private static Result manyAtOnce(Lab lab) {
    List<CompletableFuture<Integer>> statuses = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      String body = Lab.body("claude-sonnet", Upstream.SPEND, COST - 10, i % 2 == 0);
      statuses.add(
          lab.http()
              .sendAsync(
                  lab.message(Keys.SPENDER, body).build(), HttpResponse.BodyHandlers.ofString())
              .thenApply(HttpResponse::statusCode));
    }
    long used = COST * statuses.stream().filter(status -> status.join() == 200).count();
    return new Result(
        "%.1f times".formatted((double) used / BUDGET), used <= BUDGET + COST && used > 0);
  }

  private static Result leaves(Lab lab) throws Exception {
    String text = "word ".repeat(700);
    int before = Upstream.SILENCES.get();
    CompletableFuture<?> left =
        lab.http()
            .sendAsync(
                lab.message(Keys.LEAVER, Lab.body("claude-sonnet", Upstream.SILENT + text, 9, true))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    while (Upstream.SILENCES.get() == before) {
      Thread.sleep(20);
    }
    left.cancel(true);
    int status = 0;
    // The gateway learns of it from the connection.
    for (int i = 0; i < 100 && status != 429; i++) {
      status =
          lab.send(lab.message(Keys.LEAVER, Lab.body("claude-sonnet", text, 400, false)))
              .statusCode();
      if (status == 200) {
        break;
      }
      Thread.sleep(20);
    }
    return new Result(Integer.toString(status), status == 429);
  }

  private static Result counts(Lab lab) throws Exception {
    int before = Upstream.COUNTS.get();
    for (int i = 0; i < COUNTS; i++) {
      lab.send(
          lab.message(Keys.COUNTER, Lab.body("anthropic/m", "Hi " + i, 9, false))
              .uri(URI.create(lab.caravan().url() + "/v1/messages/count_tokens")));
    }
    int asked = Upstream.COUNTS.get() - before;
    return new Result(Integer.toString(asked), asked <= RPM);
  }

  /** Fills a provider's queue by sessions that nobody has; measures another key's wait. */
  static Result madeUpSessions(Lab lab) throws Exception {
    List<CompletableFuture<?>> sent = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      HttpRequest request =
          lab.message(Keys.MALLORY, Lab.body("claude-sonnet", Upstream.SLOW, 9, false))
              .header("x-claude-code-session-id", "made-up-" + i)
              .build();
      sent.add(lab.http().sendAsync(request, HttpResponse.BodyHandlers.ofString()));
    }
    CompletableFuture.anyOf(sent.toArray(CompletableFuture[]::new)).join();
    long begun = System.nanoTime();
    boolean served = lab.isServed();
    long millis = (System.nanoTime() - begun) / 1_000_000;
    return new Result("%.1f s".formatted(millis / 1000.0), served && millis < LONGEST_WAIT_MILLIS);
  }

  /** Starts a gateway with the keys of documents. */
  static Result publishedKeys(String java, Path jar, Path work) throws Exception {
    List<String> keys = List.of("change-me", "changeme", "your-api-key");
    int started = 0;
    for (String key : keys) {
      Map<String, String> settings = new HashMap<>(Lab.command(java, jar));
      settings.put("CARAVAN_API_KEYS", key);
      Path directory = Files.createTempDirectory(work.toAbsolutePath(), "run-");
      OneRun run = OneRun.of(List.of(Lab.script().toString()), directory, settings);
      started += run.exit() != 0 && run.output().contains("example") ? 0 : 1;
    }
    return new Result(started + " of " + keys.size(), started == 0);
  }
}
