"""Prints the encodings of the eight points of small order of edwards25519, in hexadecimal.

Found by multiplying points by L, the order of the large subgroup: what is left of a point is its
small part. Section 5.1 of RFC 8032 has the curve and the encoding.
"""

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(first: tuple[int, int], second: tuple[int, int]) -> tuple[int, int]:
    (x1, y1), (x2, y2) = first, second
    product = D * x1 * x2 * y1 * y2 % P
    return (
        (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P,
        (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P,
    )


def times(factor: int, point: tuple[int, int]) -> tuple[int, int]:
    result = (0, 1)
    while factor:
        if factor & 1:
            result = add(result, point)
        point = add(point, point)
        factor >>= 1
    return result


def point_at(y: int) -> tuple[int, int] | None:
    """A point of that y, or None where the curve has none."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_ONE % P
    return (x, y) if x * x % P == square else None


def encoded(point: tuple[int, int]) -> str:
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little").hex()


found: set[tuple[int, int]] = set()
y = 2
while len(found) < 8:
    point = point_at(y)
    if point is not None:
        small = times(L, point)
        found |= {times(factor, small) for factor in range(8)}
    y += 1
for point in sorted(found):
    print(encoded(point))
