package io.caravan.examples;

import io.caravan.anthropic.MessagesRequest;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.Test;

/** Puts a counter of one's own in place of count-tokens, in the route of a message. */
class OwnCounterTest extends CamelMainTestSupport {
  /** Estimates a token for four bytes. */
  static class CountBytes implements Processor {
    @Override
    public void process(Exchange exchange) {
      MessagesRequest request = exchange.getProperty("CaravanRequest", MessagesRequest.class);
      exchange.setProperty("CaravanInputTokens", request.body().length() / 4L);
    }
  }

  OwnCounterTest() {
    testConfiguration().withUseAdviceWith(true);
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            "camel.server.enabled", "false",
            "camel.management.enabled", "false",
            "caravan.serving", "false"));
    camelContextConfiguration().withUseOverridePropertiesWithPropertiesComponent(settings);
  }

  @Override
  protected String getPropertyPlaceholderLocations() {
    return "file:application.properties";
  }

  @Override
  protected void configure(MainConfigurationProperties main) {
    main.withRoutesIncludePattern(
        "file:routes/messages.camel.yaml,file:routes/local-answers.camel.yaml,"
            + "file:routes/early-answers.camel.yaml,file:routes/web-search.camel.yaml,"
            + "file:routes/server-tools.camel.yaml,"
            + "file:routes/errors.camel.yaml,file:routes/explain.camel.yaml,"
            + "file:routes/record.camel.yaml,"
            + "file:routes/beans.camel.yaml,file:routes/stages.camel.yaml,"
            + "file:routes/providers/nim.camel.yaml");
  }

  @Test
  void countsBeforeAModelIsCalled() throws Exception {
    AdviceWith.adviceWith(
        context,
        "messages",
        route -> {
          route.replaceFromWith("direct:in");
          route.weaveById("accept").remove();
          route.weaveById("count-tokens").replace().process(new CountBytes());
          route.weaveById("answer").replace().to("mock:answer");
          route.weaveById("stream").remove();
        });
    context.start();
    String request =
        """
        {"model": "claude-sonnet", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
        """;
    MockEndpoint answer = getMockEndpoint("mock:answer");
    answer.expectedPropertyReceived("CaravanInputTokens", request.length() / 4L);

    template.sendBody("direct:in", request);

    answer.assertIsSatisfied();
  }
}
