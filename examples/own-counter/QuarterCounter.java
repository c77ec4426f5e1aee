import io.caravan.anthropic.MessagesRequest;
import io.caravan.tokens.TokenCounter;

/** Takes four bytes of a request for a token. */
public class QuarterCounter implements TokenCounter {
  @Override
  public long count(MessagesRequest request, String tenant) {
    return request.body().length() / 4;
  }
}
