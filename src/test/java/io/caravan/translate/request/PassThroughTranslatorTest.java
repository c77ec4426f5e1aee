package io.caravan.translate.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.RequestReader;
import io.caravan.provider.Dialect;
import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
import io.caravan.provider.learned.DroppedFields;
import io.caravan.translate.reasoning.ReasoningMemory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PassThroughTranslatorTest {
  private static final String HI = "'messages':[{'role':'user','content':'Hi'}]";

  private final Provider provider = new Provider();
  private final ModelCard card = new ModelCard();

  PassThroughTranslatorTest() {
    provider.setName("anthropic");
    provider.setProtocol(Provider.ANTHROPIC);
  }

  private UpstreamRequest forward(String json, DroppedFields learned, long promptTokens) {
    byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return new PassThroughTranslator()
        .forward(
            new RequestReader().read(body),
            Dialect.of(provider, card),
            "their/model",
            learned,
            new TranslationOptions(promptTokens, false, ReasoningMemory.NONE));
  }

  private String forward(String json) {
    return forward(json, DroppedFields.NONE, 0).body().toString().replace('"', '\'');
  }

  @Test
  void changesNothingButTheModelsName() {
    assertThat(
            forward(
                "{ 'new' : [1, 2.50e0, {'a':null}],'model':'x','max_tokens': 9,"
                    + HI
                    + ",'thinking':{'type':'adaptive'}}"))
        .isEqualTo(
            "{'new':[1, 2.50e0, {'a':null}],'model':'their/model','max_tokens':9,"
                + HI
                + ",'thinking':{'type':'adaptive'}}");
  }

  @Test
  void lowersMaxTokensToWhatTheModelGives() {
    card.setMaxOutput(8192);

    assertThat(forward("{'model':'x','max_tokens':128000," + HI + "}"))
        .contains("'max_tokens':8192,");
  }

  @Test
  void givesMaxTokensWhereTheClientGaveNone() {
    assertThat(forward("{'model':'x'," + HI + "}")).doesNotContain("max_tokens");

    provider.setDefaultMaxTokens(4096);

    assertThat(forward("{'model':'x'," + HI + "}")).endsWith(",'max_tokens':4096}");
  }

  @Test
  void keepsTheBudgetForThinkingBelowMaxTokens() {
    String request =
        "{'model':'x','max_tokens':64000,'thinking':{'type':'enabled','budget_tokens':31999,"
            + "'display':'omitted'},"
            + HI
            + "}";
    card.setMaxOutput(8192);
    assertThat(forward(request))
        .contains("'thinking':{'type':'enabled','budget_tokens':4096,'display':'omitted'}");

    card.setMaxOutput(1000);
    assertThat(forward(request)).doesNotContain("thinking");
  }

  @Test
  void leavesOutWhatTheUpstreamWasFoundNotToTake() {
    DroppedFields learned =
        new DroppedFields() {
          @Override
          public boolean drops(String topLevelField) {
            return topLevelField.equals("container");
          }

          @Override
          public Integer maxTokensLimit() {
            return 100;
          }
        };

    UpstreamRequest request =
        forward("{'model':'x','max_tokens':128000,'container':'c'," + HI + "}", learned, 0);

    assertThat(request.body().toString())
        .doesNotContain("container")
        .contains("\"max_tokens\":100");
    assertThat(request.losses().toString()).isEqualTo("max_tokens=1, field=1");
  }

  @Test
  void addsWhatTheProviderAlwaysSends() {
    provider.setExtraBody("{\"priority\":1}");

    assertThat(forward("{'model':'x','max_tokens':9," + HI + "}")).endsWith(",'priority':1}");
  }

  @Test
  void refusesWhatWouldBeLostWhereStrictAndNothingThatIsNoLoss() {
    assertThat(forwardStrictlyWithout("metadata").losses().isEmpty()).isTrue();
    assertThatThrownBy(() -> forwardStrictlyWithout("thinking"))
        .isInstanceOf(AnthropicException.class)
        .hasMessageEndingWith("their/model would not get all of this request: field=1");
  }

  private UpstreamRequest forwardStrictlyWithout(String refused) {
    String json =
        "{'model':'x','thinking':{'type':'adaptive'},'metadata':{'user_id':'u'}," + HI + "}";
    DroppedFields learned =
        new DroppedFields() {
          @Override
          public boolean drops(String topLevelField) {
            return topLevelField.equals(refused);
          }

          @Override
          public Integer maxTokensLimit() {
            return null;
          }
        };
    return new PassThroughTranslator()
        .forward(
            new RequestReader().read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)),
            Dialect.of(provider, card),
            "their/model",
            learned,
            new TranslationOptions(0, true, ReasoningMemory.NONE));
  }

  @Test
  void refusesAPromptThatCannotFit() {
    card.setContextWindow(1000);

    assertThatThrownBy(
            () -> forward("{'model':'x','max_tokens':9," + HI + "}", DroppedFields.NONE, 1200))
        .isInstanceOf(AnthropicException.class)
        .hasMessage("prompt is too long: 1200 tokens > 991 maximum");
  }
}
