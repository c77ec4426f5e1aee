package io.caravan.markup;

/** A part of a buffer as text of its own, without a copy. */
final class SubSequence implements CharSequence {
  private final StringBuilder buffer;
  private final int offset;
  private final int length;

  SubSequence(StringBuilder buffer, int offset, int length) {
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public char charAt(int index) {
    return buffer.charAt(offset + index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new SubSequence(buffer, offset + start, end - start);
  }

  @Override
  public String toString() {
    return buffer.substring(offset, offset + length);
  }
}
