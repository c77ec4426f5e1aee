package io.caravan.translate.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.RawJson;
import io.caravan.provider.ModelCard;
import io.caravan.provider.ReasoningReplay;
import io.caravan.translate.reasoning.Reasoning;
import io.caravan.translate.reasoning.ReasoningMemory;
import io.caravan.translate.reasoning.ReasoningSignature;
import io.caravan.translate.reasoning.ReasoningStore;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReasoningReplayTest {
  private static final String DETAILS = "[{\"type\":\"reasoning.encrypted\",\"data\":\"x\"}]";

  private final ReasoningStore store = new ReasoningStore(1 << 20);

  /** Returns a history with one call, whose assistant turn begins with these blocks. */
  private static String history(String blocks) {
    return """
    {"model":"m","messages":[{"role":"user","content":"Hi"},
    {"role":"assistant","content":[BLOCKS{"type":"tool_use","id":"call","name":"t","input":{}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"call","content":"ok"}]}]}
    """
        .replace("BLOCKS", blocks);
  }

  private static String thinking(String text, String signature) {
    return "{\"type\":\"thinking\",\"thinking\":\"%s\",\"signature\":\"%s\"},"
        .formatted(text, signature);
  }

  private static String sent(String json, ReasoningReplay replay, ReasoningMemory memory) {
    ModelCard card = new ModelCard();
    card.setReasoningReplay(replay);
    return Translations.translate(json, card, memory).body().toString();
  }

  private static String ours(String text) {
    return new ReasoningSignature(text, RawJson.of(DETAILS), Map.of("call", "carried")).encode();
  }

  private ReasoningMemory of(String tenant, String session) {
    return store.of(tenant, session);
  }

  @Test
  void readsTheTextOutOfOurSignatureWhereTheClientLeftItOut() {
    String json = history(thinking("", ours("from the signature")));
    assertThat(sent(json, ReasoningReplay.REASONING_CONTENT, of("t", "s")))
        .contains("\"reasoning_content\":\"from the signature\"");
  }

  @Test
  void prefersTheTextThatTheClientSends() {
    String json = history(thinking("from the client", ours("from the signature")));
    assertThat(sent(json, ReasoningReplay.REASONING_CONTENT, of("t", "s")))
        .contains("\"reasoning_content\":\"from the client\"");
  }

  @Test
  void sendsOpenRoutersDetailsAsTheyWere() {
    String json = history(thinking("from the client", ours("from the signature")));
    assertThat(sent(json, ReasoningReplay.REASONING_DETAILS, of("t", "s")))
        .contains("\"reasoning_details\":" + DETAILS);
  }

  @Test
  void joinsTheDetailsOfSeveralBlocks() {
    String json = history(thinking("a", ours("")) + thinking("b", ours("")));
    String items = DETAILS.substring(1, DETAILS.length() - 1);
    assertThat(sent(json, ReasoningReplay.REASONING_DETAILS, of("t", "s")))
        .contains("\"reasoning_details\":[" + items + "," + items + "]");
  }

  @Test
  void readsTheThoughtSignatureOfACallOutOfOurSignature() {
    store.put("t", "s", "call", new Reasoning("", null), "remembered");
    ModelCard card = new ModelCard();
    card.setThoughtSignatures(true);
    String json = history(thinking("", ours("")));
    assertThat(Translations.translate(json, card, of("t", "s")).body().toString())
        .contains("\"thought_signature\":\"carried\"");
  }

  @Test
  void remembersByToolCallWhatTheClientLost() {
    store.put("t", "s", "call", new Reasoning("remembered", null), null);
    assertThat(sent(history(""), ReasoningReplay.REASONING_CONTENT, of("t", "s")))
        .contains("\"reasoning_content\":\"remembered\"");
    assertThat(sent(history(""), ReasoningReplay.NONE, of("t", "s"))).doesNotContain("remembered");
  }

  @Test
  void neverGivesTheReasoningOfAnotherTenantOrSession() {
    store.put("t", "s", "call", new Reasoning("remembered", null), null);
    assertThat(sent(history(""), ReasoningReplay.REASONING_CONTENT, of("u", "s")))
        .doesNotContain("remembered");
    assertThat(sent(history(""), ReasoningReplay.REASONING_CONTENT, of("t", "other")))
        .doesNotContain("remembered");
  }

  @Test
  void sendsTheThoughtSignatureOfACall() {
    store.put("t", "s", "call", new Reasoning("", null), "gemini's");
    ModelCard card = new ModelCard();
    card.setThoughtSignatures(true);
    assertThat(Translations.translate(history(""), card, of("t", "s")).body().toString())
        .contains("\"extra_content\":{\"google\":{\"thought_signature\":\"gemini's\"}}");
  }

  @Test
  void holdsNoMoreThanItMay() {
    for (int i = 0; i < 5000; i++) {
      store.put("t", "s", "call" + i, new Reasoning("x".repeat(1000), null), null);
    }
    ReasoningMemory memory = of("t", "s");
    long kept = 0;
    for (int i = 0; i < 5000; i++) {
      kept += memory.ofToolCall("call" + i) == null ? 0 : 1;
    }
    assertThat(kept).isLessThan(1000);
  }
}
