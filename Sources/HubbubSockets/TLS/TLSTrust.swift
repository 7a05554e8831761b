/// Whom a client believes to be the server it means.
public enum TLSTrust: Sendable, Equatable {
  /// Those for whom an authority vouches that this system knows, under the name of the host.
  case systemAuthorities

  /// Those for whom an authority in this PEM file vouches, under the name of the host.
  case authorities(file: String)

  /// The one certificate with this fingerprint. Neither authorities nor names nor dates matter
  /// then: a certificate that is named exactly is the right one, whatever the address it is reached
  /// by.
  case pin(Fingerprint)
}
