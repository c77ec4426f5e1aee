package io.caravan.gateway.words;

import io.caravan.exchange.Attempt;
import io.caravan.json.RawJson;
import io.caravan.translate.request.UpstreamRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Asks for words. */
public final class ConvertToWords implements Processor {
  @Override
  public void process(Exchange exchange) {
    Attempt attempt = Attempt.of(exchange);
    RawJson body = RawJson.of("{\"say\":\"" + attempt.model().model() + "\"}");
    attempt.prepare(exchange, "words", UpstreamRequest.of(body), new WordsAnswer());
  }
}
