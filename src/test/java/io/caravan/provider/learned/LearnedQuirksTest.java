package io.caravan.provider.learned;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.openai.UpstreamError;
import io.caravan.provider.Attachments;
import io.caravan.provider.Dialect;
import io.caravan.provider.Filler;
import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
import io.caravan.provider.ReasoningReplay;
import io.caravan.provider.SystemRole;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class LearnedQuirksTest {
  private static final UpstreamError REFUSAL =
      new UpstreamError(
          400, "Bad Request", null, "Unsupported parameter(s): top_k: my secret", null);
  private static final Quirk NO_TOP_K = new Quirk.DropField("top_k", true);

  private final SettableClock clock = new SettableClock();
  private final LearnedQuirks learned = new LearnedQuirks(3, Duration.ofHours(1), clock);

  private static final class SettableClock extends Clock {
    private Instant now = Instant.parse("2026-11-22T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void nothingIsDroppedOfAModelOfWhichNothingIsKnown() {
    assertThat(learned.forModel(LearnedQuirks.EVERYONE, "nim", "m").drops("top_k")).isFalse();
    assertThat(learned.forModel(LearnedQuirks.EVERYONE, "nim", "m").maxTokensLimit()).isNull();
    assertThat(learned.forModel(LearnedQuirks.EVERYONE, "nim", "m").isEmpty()).isTrue();
  }

  @Test
  void whatWasLearnedOfOneModelIsNotKnownOfAnother() {
    learned.learn(LearnedQuirks.EVERYONE, "nim", "m", List.of(NO_TOP_K), REFUSAL);

    assertThat(learned.forModel(LearnedQuirks.EVERYONE, "nim", "m").drops("top_k")).isTrue();
    assertThat(learned.forModel(LearnedQuirks.EVERYONE, "nim", "m").drops("top_p")).isFalse();
    assertThat(learned.forModel(LearnedQuirks.EVERYONE, "nim", "n").drops("top_k")).isFalse();
    assertThat(learned.forModel(LearnedQuirks.EVERYONE, "vllm", "m").drops("top_k")).isFalse();
  }

  @Test
  void theSecondTryKnowsWhatWasFoundBeforeItIsLearned() {
    learned.learn(LearnedQuirks.EVERYONE, "nim", "m", List.of(NO_TOP_K), REFUSAL);

    DroppedFields second =
        learned.with(
            LearnedQuirks.EVERYONE, "nim", "m", List.of(new Quirk.LimitMaxTokens(4096, true)));

    assertThat(second.drops("top_k")).isTrue();
    assertThat(second.maxTokensLimit()).isEqualTo(4096);
    assertThat(learned.forModel(LearnedQuirks.EVERYONE, "nim", "m").maxTokensLimit()).isNull();
  }

  @Test
  void whatHoldsForOneRequestIsNotRemembered() {
    learned.learn(
        LearnedQuirks.EVERYONE,
        "nim",
        "m",
        List.of(new Quirk.DropField("tool_choice", false)),
        REFUSAL);

    assertThat(learned.forModel(LearnedQuirks.EVERYONE, "nim", "m").drops("tool_choice")).isFalse();
    assertThat(learned.size()).isZero();
  }

  @Test
  void aLaterLimitTakesThePlaceOfAnEarlier() {
    learned.learn(
        LearnedQuirks.EVERYONE, "nim", "m", List.of(new Quirk.LimitMaxTokens(8192, true)), REFUSAL);
    learned.learn(
        LearnedQuirks.EVERYONE, "nim", "m", List.of(new Quirk.LimitMaxTokens(4096, true)), REFUSAL);

    assertThat(learned.forModel(LearnedQuirks.EVERYONE, "nim", "m").maxTokensLimit())
        .isEqualTo(4096);
    assertThat(learned.all()).hasSize(1);
  }

  @Test
  void whatWasLearnedIsForgottenInTime() {
    learned.learn(LearnedQuirks.EVERYONE, "nim", "m", List.of(NO_TOP_K), REFUSAL);
    clock.now = clock.now.plus(Duration.ofMinutes(9));
    assertThat(learned.forModel(LearnedQuirks.EVERYONE, "nim", "m").drops("top_k")).isTrue();

    clock.now = clock.now.plus(Duration.ofMinutes(2));

    assertThat(learned.forModel(LearnedQuirks.EVERYONE, "nim", "m").drops("top_k")).isFalse();
    assertThat(learned.all()).isEmpty();
  }

  @Test
  void whatIsRefusedAgainIsKeptForLonger() {
    List<Duration> kept = new ArrayList<>();
    LearnedQuirks days = new LearnedQuirks(3, Duration.ofHours(24), clock);
    for (int time = 0; time < 4; time++) {
      days.learn(LearnedQuirks.EVERYONE, "nim", "m", List.of(NO_TOP_K), REFUSAL);
      LearnedQuirks.Learned now = days.all().get(0);
      kept.add(Duration.between(now.at(), now.until()));
      clock.now = now.until().plusSeconds(1);
      assertThat(days.all()).isEmpty();
    }

    assertThat(kept)
        .containsExactly(
            Duration.ofMinutes(10),
            Duration.ofHours(2),
            Duration.ofHours(24),
            Duration.ofHours(24));
  }

  @Test
  void aWindowIsKeptForMinutesHoweverOftenItIsLearned() {
    for (int time = 0; time < 4; time++) {
      learned.learn(
          LearnedQuirks.EVERYONE, "nim", "m", List.of(new Quirk.ContextWindow(4096)), REFUSAL);
      clock.now = clock.now.plus(Duration.ofMinutes(6));
      assertThat(learned.all()).isEmpty();
    }
  }

  @Test
  void aWindowGivesWayToTheUpstreamsListAndToARefusedConnection() {
    List<String> doubted = new ArrayList<>();
    learned.onWindowsDoubted(doubted::add);
    for (String model : List.of("m", "n")) {
      learned.learn(
          "ann", "llamacpp", model, List.of(new Quirk.ContextWindow(4096), NO_TOP_K), REFUSAL);
    }

    learned.forgetWindows("llamacpp", "m"::equals);
    assertThat(learned.all())
        .extracting(one -> one.model() + " " + one.quirk())
        .containsExactly("m without top_k", "n context window 4096", "n without top_k");

    learned.doubtWindows("llamacpp");
    assertThat(learned.all()).extracting(LearnedQuirks.Learned::quirk).containsOnly(NO_TOP_K);
    assertThat(doubted).containsExactly("llamacpp");
  }

  @Test
  void aWindowIsTriedAgainUnlessItWasLearnedJustNow() {
    List<Quirk> facts = List.of(new Quirk.ContextWindow(4096), NO_TOP_K);
    for (String tenant : List.of(LearnedQuirks.EVERYONE, "ann")) {
      learned.learn(tenant, "llamacpp", "m", facts, REFUSAL);
    }

    learned.retryWindow("llamacpp", "m");
    assertThat(learned.all()).hasSize(4);

    clock.now = clock.now.plusMillis(1001);
    learned.retryWindow("llamacpp", "n");
    learned.retryWindow("ollama", "m");
    assertThat(learned.all()).hasSize(4);
    learned.retryWindow("llamacpp", "m");
    assertThat(learned.all()).extracting(LearnedQuirks.Learned::quirk).containsOnly(NO_TOP_K);
  }

  @Test
  void aWindowThatIsTriedAgainLeavesWhatWasLearnedOften() {
    learn("m", NO_TOP_K);
    learn("m", new Quirk.ContextWindow(4096));
    clock.now = clock.now.plus(Duration.ofMinutes(11));
    learn("m", new Quirk.ContextWindow(4096));
    clock.now = clock.now.plusSeconds(2);
    learned.retryWindow("nim", "m");
    learn("m", NO_TOP_K);

    assertThat(learned.all())
        .extracting(one -> Duration.between(one.at(), one.until()))
        .containsExactly(Duration.ofHours(1));
  }

  private void learn(String model, Quirk quirk) {
    learned.learn(LearnedQuirks.EVERYONE, "nim", model, List.of(quirk), REFUSAL);
  }

  @Test
  void theExportHasTheWordsTheProofAndTheEnd() {
    learned.learn(
        LearnedQuirks.EVERYONE,
        "nim",
        "m",
        List.of(NO_TOP_K),
        REFUSAL,
        new LearnedQuirks.Evidence("no top_k here", "it was tried"));

    assertThat(learned.exportYaml("nim"))
        .contains(
            "# without top_k: HTTP 400 Bad Request, 2026-11-22T12:00:00Z, until"
                + " 2026-11-22T12:10:00Z; it was tried; the words: \"no top_k here\"\n");
  }

  @Test
  void ofTooManyModelsTheOldestIsForgotten() {
    for (String model : List.of("a", "b", "c", "d")) {
      learned.learn(LearnedQuirks.EVERYONE, "nim", model, List.of(NO_TOP_K), REFUSAL);
      clock.now = clock.now.plusSeconds(1);
    }

    assertThat(learned.size()).isEqualTo(3);
    assertThat(learned.forModel(LearnedQuirks.EVERYONE, "nim", "a").isEmpty()).isTrue();
    assertThat(learned.forModel(LearnedQuirks.EVERYONE, "nim", "d").isEmpty()).isFalse();
  }

  @Test
  void aModelHasABoundedNumberOfQuirks() {
    for (int i = 0; i < 100; i++) {
      learned.learn(
          LearnedQuirks.EVERYONE,
          "nim",
          "m",
          List.of(new Quirk.DropField("field_" + i, true)),
          REFUSAL);
    }

    assertThat(learned.all()).hasSize(32);
  }

  @Test
  void listenersHearOfEachThingOnceAndOfNoMessage() {
    List<LearnedQuirks.Learned> heard = new ArrayList<>();
    learned.onLearned(heard::add);

    learned.learn(LearnedQuirks.EVERYONE, "nim", "m", List.of(NO_TOP_K), REFUSAL);
    learned.learn(LearnedQuirks.EVERYONE, "nim", "m", List.of(NO_TOP_K), REFUSAL);

    assertThat(heard).hasSize(1);
    assertThat(heard.get(0).complaint()).isEqualTo("HTTP 400 Bad Request");
    assertThat(heard.get(0).toString()).doesNotContain("secret");
  }

  @Test
  void canBeToldToForget() {
    learned.learn(LearnedQuirks.EVERYONE, "nim", "m", List.of(NO_TOP_K), REFUSAL);
    learned.learn(LearnedQuirks.EVERYONE, "nim", "n", List.of(NO_TOP_K), REFUSAL);

    assertThat(learned.forget(one -> one.model().equals("m"))).isEqualTo(1);
    assertThat(learned.forModel(LearnedQuirks.EVERYONE, "nim", "m").isEmpty()).isTrue();
    assertThat(learned.forModel(LearnedQuirks.EVERYONE, "nim", "n").isEmpty()).isFalse();

    assertThat(learned.forget(one -> true)).isEqualTo(1);
    assertThat(learned.all()).isEmpty();
  }

  @Test
  void whatIsNoFieldIsSaidByACardThatGoesBeforeTheModelsOwn() {
    learned.learn(
        LearnedQuirks.EVERYONE,
        "nim",
        "m",
        List.of(
            new Quirk.SystemAsUser(),
            new Quirk.NameMaxTokens("max_completion_tokens"),
            new Quirk.NoImages(),
            new Quirk.ContextWindow(32768),
            new Quirk.Replay(ReasoningReplay.REASONING_CONTENT)),
        REFUSAL);
    Provider provider = new Provider();
    provider.setName("nim");
    ModelCard card = new ModelCard();
    card.setContextWindow(131072);
    card.setMaxOutput(16384);

    Dialect dialect =
        Dialect.of(provider, card, learned.forModel(LearnedQuirks.EVERYONE, "nim", "m").card());

    assertThat(dialect.systemRole()).isEqualTo(SystemRole.USER);
    assertThat(dialect.maxTokensField()).isEqualTo("max_completion_tokens");
    assertThat(dialect.images()).isEqualTo(Attachments.NONE);
    assertThat(dialect.contextWindow()).isEqualTo(32768);
    assertThat(dialect.maxOutput()).isEqualTo(16384);
    assertThat(dialect.reasoningReplay()).isEqualTo(ReasoningReplay.REASONING_CONTENT);
    assertThat(dialect.reasoningFiller()).isEqualTo(Filler.EMPTY);
  }

  @Test
  void theExportIsYamlOfBeansThatHaveTheseProperties() throws ReflectiveOperationException {
    learned.learn(
        LearnedQuirks.EVERYONE,
        "nim",
        "z-ai/\"glm\"",
        List.of(
            NO_TOP_K,
            new Quirk.DropField("temperature", true),
            new Quirk.DropField("top_p", true),
            new Quirk.DropField("prompt_cache_key", true),
            new Quirk.DropField("chat_template_kwargs", true),
            new Quirk.LimitMaxTokens(4096, true),
            new Quirk.NameMaxTokens("max_tokens"),
            new Quirk.SystemAsUser(),
            new Quirk.NoImages(),
            new Quirk.Replay(ReasoningReplay.REASONING_CONTENT),
            new Quirk.ContextWindow(32768)),
        REFUSAL);
    learned.learn(LearnedQuirks.EVERYONE, "other", "m", List.of(NO_TOP_K), REFUSAL);

    String yaml = learned.exportYaml("nim");

    Map<?, ?> bean = bean(yaml);
    assertThat(bean.get("type")).isEqualTo("io.caravan.provider.ModelCard");
    Map<?, ?> properties = (Map<?, ?>) bean.get("properties");
    assertThat(properties.get("id")).isEqualTo("z-ai/\"glm\"");
    assertThat(properties.get("topK")).isEqualTo(false);
    assertThat(properties.get("sampling")).isEqualTo(false);
    assertThat(properties.get("maxOutput")).isEqualTo(4096);
    for (Object property : properties.keySet()) {
      String name = property.toString();
      String setter = "set" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
      assertThat(ModelCard.class.getMethods()).anyMatch(method -> method.getName().equals(setter));
    }
    assertThat(yaml).contains("# without prompt_cache_key: HTTP 400 Bad Request, 2026-11-22T12");
    assertThat(yaml).doesNotContain("secret");
  }

  private static Map<?, ?> bean(String yaml) {
    Object root = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    List<?> beans = (List<?>) ((Map<?, ?>) ((List<?>) root).get(0)).get("beans");
    assertThat(beans).hasSize(1);
    return (Map<?, ?>) beans.get(0);
  }

  @Test
  void theExportOfNothingIsOnlyAComment() {
    assertThat(learned.exportYaml("nim").lines()).allMatch(line -> line.startsWith("#"));
  }

  @Test
  void manyThreadsLearnAtOnce() throws Exception {
    LearnedQuirks shared = new LearnedQuirks(50, Duration.ofHours(1), clock);
    ExecutorService pool = Executors.newFixedThreadPool(8);
    CountDownLatch start = new CountDownLatch(1);
    List<Future<?>> done = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int thread = i;
      done.add(
          pool.submit(
              () -> {
                start.await();
                for (int n = 0; n < 200; n++) {
                  Quirk quirk = new Quirk.DropField("field_" + thread, true);
                  shared.learn(LearnedQuirks.EVERYONE, "nim", "m", List.of(quirk), REFUSAL);
                  shared.learn(
                      LearnedQuirks.EVERYONE,
                      "nim",
                      "m" + thread + "-" + n,
                      List.of(quirk),
                      REFUSAL);
                }
                return null;
              }));
    }
    start.countDown();
    for (Future<?> future : done) {
      future.get();
    }
    pool.shutdown();

    assertThat(shared.size()).isLessThanOrEqualTo(50);
  }
}
