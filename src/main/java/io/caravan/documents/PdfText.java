package io.caravan.documents;

import java.io.IOException;
import java.util.List;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;

/**
 * The text of pages, line by line. Where a line has a wide gap, its parts are the cells of a row or
 * columns, and stand apart: a PDF has no tables, only text at places.
 */
final class PdfText extends PDFTextStripper {
  /**
   * The gap between two cells, in widths of the font's size; words of justified text are closer.
   */
  private static final float GAP = 1.2f;

  private static final String CELL = " | ";

  /** The operators of a page between two looks at the limits. */
  private static final int OPERATORS = 1_000;

  private final Pages pages;
  private final Limits limits;
  private final StringBuilder page = new StringBuilder();
  private float lineEnd = Float.NaN;
  private int operators;
  private int characters;

  /** Ends the reading of a page that has too much. */
  interface Limits {
    void check(int characters) throws IOException;
  }

  /** Takes the pages in their order. */
  interface Pages {
    void add(String text) throws IOException;
  }

  PdfText(Pages pages, Limits limits) {
    this.pages = pages;
    this.limits = limits;
    setLineSeparator("\n");
    setWordSeparator("");
  }

  @Override
  protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
    if (++operators % OPERATORS == 0) {
      limits.check(characters);
    }
    super.processOperator(operator, operands);
  }

  @Override
  protected void processTextPosition(TextPosition text) {
    characters++;
    super.processTextPosition(text);
  }

  @Override
  protected void startPage(PDPage unused) {
    page.setLength(0);
    characters = 0;
    lineEnd = Float.NaN;
  }

  @Override
  protected void endPage(PDPage unused) throws IOException {
    pages.add(page.toString().strip());
  }

  @Override
  protected void writeString(String text, List<TextPosition> positions) {
    TextPosition first = positions.get(0);
    TextPosition last = positions.get(positions.size() - 1);
    if (!Float.isNaN(lineEnd)) {
      float gap = first.getXDirAdj() - lineEnd;
      page.append(gap > GAP * first.getFontSizeInPt() ? CELL : " ");
    }
    page.append(text);
    lineEnd = last.getXDirAdj() + last.getWidthDirAdj();
  }

  @Override
  protected void writeLineSeparator() {
    page.append('\n');
    lineEnd = Float.NaN;
  }

  @Override
  protected void writeParagraphSeparator() {
    page.append("\n\n");
    lineEnd = Float.NaN;
  }

  @Override
  protected void writeString(String text) {
    // All that the base class writes beside words are separators, which are written above.
  }

  @Override
  protected void writePageEnd() {
    // The page goes to its taker.
  }
}
