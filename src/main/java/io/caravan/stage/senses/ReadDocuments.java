package io.caravan.stage.senses;

import io.caravan.anthropic.Source;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.Contract;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.provider.Attachments;
import io.caravan.provider.Dialects;
import io.caravan.provider.learned.LearnedQuirks;
import io.caravan.senses.Attachment;
import io.caravan.senses.DocumentTexts;
import io.caravan.senses.FetchedAttachments;
import io.caravan.stage.Convert;
import io.caravan.translate.request.Loss;
import io.caravan.translate.request.OutsideText;
import io.caravan.translate.request.Substitutes;
import io.caravan.translate.request.Substitutes.Substitute;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Finds the text of documents that the attempt's model can't take. What it finds stands in {@link
 * Contract#SUBSTITUTES}; the request stays as it is.
 */
public final class ReadDocuments implements Processor {
  private final Dialects dialects = new Dialects();
  private DocumentTexts texts = new DocumentTexts();
  private FetchedAttachments fetched = new FetchedAttachments();
  private LearnedQuirks quirks = new LearnedQuirks();

  /** Sets the texts of documents. */
  public void setTexts(DocumentTexts texts) {
    this.texts = texts;
  }

  /** Sets the documents by URL. */
  public void setFetched(FetchedAttachments fetched) {
    this.fetched = fetched;
  }

  /** Sets the quirks that upstreams' complaints have shown. */
  public void setQuirks(LearnedQuirks quirks) {
    this.quirks = quirks;
  }

  @Override
  public void process(Exchange exchange) {
    if (!texts.isEnabled()) {
      return;
    }
    GatewayRequest request = GatewayRequest.of(exchange);
    ModelChoice choice = Attempt.of(exchange).model();
    Attachments taken =
        dialects
            .of(choice.provider(), choice.card(), Convert.learned(request, choice, quirks).card())
            .documents();
    Substitutes found = DescribeImages.substitutes(exchange);
    for (Attachment attached : Attachment.of(request.message())) {
      if (!attached.isImage() && isRead(attached.source(), taken)) {
        found.put(attached.source(), substitute(request, attached));
      }
    }
  }

  private boolean isRead(Source source, Attachments taken) {
    return switch (source.kind()) {
      case BASE64 -> taken == Attachments.NONE && DocumentTexts.reads(source.mediaType());
      case URL ->
          taken != Attachments.URL && fetched.isEnabled() && !source.url().startsWith("data:");
      case TEXT -> "text/html".equals(source.mediaType());
      default -> false;
    };
  }

  private Substitute substitute(GatewayRequest request, Attachment attached) {
    DocumentTexts.Result result = texts.of(request, attached.source());
    if (result.text() == null) {
      return new Substitute.Missing(result.failure());
    }
    String title = attached.document().title();
    String context = attached.document().context();
    String marked =
        OutsideText.marked(
            "document", title == null ? attached.source().url() : title, result.text());
    boolean hasContext = context != null && !context.isBlank();
    return new Substitute.Text(hasContext ? context + "\n\n" + marked : marked, Loss.DOCUMENT_READ);
  }
}
