package io.caravan.record;

import io.caravan.exchange.Contract;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Processor;

/** Makes a recording the bytes of a case file, and gives its memory back. */
public final class FormatRecording implements Processor {
  @Override
  public void process(Exchange exchange) throws InvalidPayloadException {
    Recording recording = exchange.getMessage().getMandatoryBody(Recording.class);
    try {
      exchange.getMessage().setBody(CaseWriter.write(recording));
      exchange.setProperty(Contract.REQUEST_ID, recording.id());
    } finally {
      recording.release();
    }
  }
}
