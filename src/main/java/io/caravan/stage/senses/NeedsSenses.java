package io.caravan.stage.senses;

import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.senses.Attachment;
import io.caravan.senses.DocumentTexts;
import io.caravan.senses.FetchedAttachments;
import io.caravan.senses.ImageDescriptions;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;

/**
 * Returns whether the steps of {@code routes/senses.camel.yaml} have something to do: one of them
 * is on, the request has an image or a document, and its upstream speaks another protocol than the
 * client.
 */
public final class NeedsSenses implements Predicate {
  private DocumentTexts texts = new DocumentTexts();
  private ImageDescriptions descriptions = new ImageDescriptions();
  private FetchedAttachments images = new FetchedAttachments();

  /** Sets the texts of documents. */
  public void setTexts(DocumentTexts texts) {
    this.texts = texts;
  }

  /** Sets the descriptions of images. */
  public void setDescriptions(ImageDescriptions descriptions) {
    this.descriptions = descriptions;
  }

  /** Sets the attachments by URL. */
  public void setImages(FetchedAttachments images) {
    this.images = images;
  }

  @Override
  public boolean matches(Exchange exchange) {
    if (!texts.isEnabled() && !images.isEnabled() && !descriptions.isOn()) {
      return false;
    }
    GatewayRequest request = GatewayRequest.of(exchange);
    return !request.isBeside()
        && !Attempt.of(exchange).model().provider().speaksMessages()
        && Attachment.isIn(request.message());
  }
}
