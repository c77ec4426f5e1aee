package io.caravan.translate.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.provider.Attachments;
import io.caravan.provider.Filler;
import io.caravan.provider.ModelCard;
import io.caravan.provider.ReasoningReplay;
import io.caravan.provider.SystemRole;
import io.caravan.provider.ToolIdForm;
import io.caravan.translate.reasoning.ReasoningMemory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Checks the rule on which upstreams' prompt caches depend: the request of a turn begins with that
 * of the turn before, byte by byte, however the client writes the same conversation anew.
 */
class StablePrefixTest {
  @Provide
  Arbitrary<ModelCard> cards() {
    ModelCard plain = new ModelCard();
    ModelCard deepSeek = new ModelCard();
    deepSeek.setReasoningReplay(ReasoningReplay.REASONING_CONTENT);
    deepSeek.setReasoningFiller(Filler.EMPTY);
    ModelCard mistral = new ModelCard();
    mistral.setMergeNeighbours(true);
    mistral.setToolToUserBridge(true);
    mistral.setToolIds(ToolIdForm.NINE_ALNUM);
    mistral.setSystemRole(SystemRole.USER);
    ModelCard blind = new ModelCard();
    blind.setVision(false);
    blind.setReasoningReplay(ReasoningReplay.THINK_TAGS);
    ModelCard llama = new ModelCard();
    llama.setParallelToolCalls(false);
    llama.setImages(Attachments.DATA);
    ModelCard toolless = new ModelCard();
    toolless.setTools(false);
    return Arbitraries.of(plain, deepSeek, mistral, blind, llama, toolless);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Property(tries = 150)
  void eachTurnBeginsWithTheOneBefore(@ForAll long seed, @ForAll("cards") ModelCard card) {
    RandomConversation conversation = new RandomConversation(new Random(seed));
    PrefixTracker tracker = new PrefixTracker(10_000);
    String before = "";
    for (int turn = 0; turn < 5; turn++) {
      UpstreamRequest request =
          Translations.translate(conversation.json(), card, ReasoningMemory.NONE);
      String now = request.spans().messages(request.body()).toString();
      assertThat(now).startsWith(before);
      PrefixMatch match = tracker.track("t", "c", request);
      assertThat(match.matched()).isEqualTo(bytes(before));
      assertThat(match.previous()).isEqualTo(bytes(before));
      before = now;
      conversation.grow();
    }
  }

  /** A conversation that grows, and is written a little differently each time. */
  private static final class RandomConversation {
    private final Random random;
    private final List<List<String>> contents = new ArrayList<>();
    private final List<String> roles = new ArrayList<>();
    private int ids;

    RandomConversation(Random random) {
      this.random = random;
      add("user", List.of("{\"type\":\"text\",\"text\":\"Hi\"MARK}"));
      maybeReminder();
    }

    private void add(String role, List<String> blocks) {
      roles.add(role);
      contents.add(blocks);
    }

    private boolean chance(double chance) {
      return random.nextDouble() < chance;
    }

    private static String quoted(String text) {
      return "\"" + text + "\"";
    }

    private String text() {
      String words = "text " + random.nextInt(1000) + (chance(0.2) ? " üñ😀\\n\\\"" : "");
      return "{\"type\":\"text\",\"text\":" + quoted(chance(0.1) ? "" : words) + "MARK}";
    }

    private void maybeReminder() {
      if (chance(0.3)) {
        add("system", List.of(text()));
      }
    }

    /** Adds a response, and the user's reply to it. */
    void grow() {
      List<String> answer = new ArrayList<>();
      List<String> results = new ArrayList<>();
      if (chance(0.5)) {
        answer.add(
            "{\"type\":\"thinking\",\"thinking\":\"hm "
                + random.nextInt()
                + "\",\"signature\":\"\"}");
      }
      if (chance(0.7)) {
        answer.add(text());
      }
      for (int calls = random.nextInt(4); calls > 0; calls--) {
        String id = "toolu_cv" + String.format("%014d", ids++) + "_call_" + calls;
        answer.add(
            "{\"type\":\"tool_use\",\"id\":\"ID\",\"name\":\"Bash\",\"input\":{\"a\":NUM}}"
                .replace("ID", id)
                .replace("NUM", String.valueOf(random.nextInt())));
        if (chance(0.9)) {
          results.add(random.nextInt(results.size() + 1), result(id));
        }
      }
      add("assistant", answer);
      if (chance(0.5) || results.isEmpty()) {
        results.add("{\"type\":\"text\",\"text\":\"and now?\"MARK}");
      }
      add("user", results);
      maybeReminder();
    }

    private String result(String id) {
      String image =
          "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"AA\"}}";
      String content =
          switch (random.nextInt(4)) {
            case 0 -> quoted("out");
            case 1 -> "[" + text().replace("MARK", "") + "," + image + "]";
            case 2 -> "[" + image + "]";
            default -> "[]";
          };
      return "{\"tool_use_id\":\""
          + id
          + "\",\"type\":\"tool_result\",\"content\":"
          + content
          + "MARK}";
    }

    /**
     * Returns the same conversation in another form: strings for blocks, moved marks, a new billing
     * line.
     */
    String json() {
      StringBuilder json = new StringBuilder("{\"model\":\"m\",\"system\":[{\"type\":\"text\",");
      json.append("\"text\":\"x-anthropic-billing-header: cch=").append(random.nextInt());
      json.append("\"},{\"type\":\"text\",\"text\":\"Be good\"}],\"messages\":[");
      for (int i = 0; i < roles.size(); i++) {
        boolean last = i == roles.size() - 1;
        json.append(i == 0 ? "" : ",").append("{\"role\":").append(quoted(roles.get(i)));
        json.append(",\"content\":").append(content(contents.get(i), last)).append('}');
      }
      return json.append("]}").toString();
    }

    private String content(List<String> blocks, boolean last) {
      String only = blocks.size() == 1 ? blocks.get(0) : "";
      if (only.startsWith("{\"type\":\"text\"") && chance(0.5)) {
        return only.substring(only.indexOf("\"text\":\"") + 7, only.lastIndexOf("MARK"));
      }
      String mark = last || chance(0.1) ? ",\"cache_control\":{\"type\":\"ephemeral\"}" : "";
      return "[" + String.join(",", blocks).replace("MARK", mark) + "]";
    }
  }
}
