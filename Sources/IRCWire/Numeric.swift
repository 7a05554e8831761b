/// The numeric replies, each with the name it was born with (Modern IRC "Numerics").
public enum Numeric: Int, Sendable {
  case welcome = 1  // RPL_WELCOME
  case yourHost = 2  // RPL_YOURHOST
  case created = 3  // RPL_CREATED
  case myInfo = 4  // RPL_MYINFO
  case supported = 5  // RPL_ISUPPORT

  case endOfStats = 219  // RPL_ENDOFSTATS
  case userModeIs = 221  // RPL_UMODEIS
  case statsFanOut = 249  // RPL_STATSDEBUG
  case usersOnline = 251  // RPL_LUSERCLIENT
  case operatorsOnline = 252  // RPL_LUSEROP
  case unknownOnline = 253  // RPL_LUSERUNKNOWN
  case channelsFormed = 254  // RPL_LUSERCHANNELS
  case localClients = 255  // RPL_LUSERME
  case localUsers = 265  // RPL_LOCALUSERS
  case globalUsers = 266  // RPL_GLOBALUSERS

  case away = 301  // RPL_AWAY
  case noLongerAway = 305  // RPL_UNAWAY
  case nowAway = 306  // RPL_NOWAWAY
  case whoisUser = 311  // RPL_WHOISUSER
  case whoisServer = 312  // RPL_WHOISSERVER
  case endOfWho = 315  // RPL_ENDOFWHO
  case whoisIdle = 317  // RPL_WHOISIDLE
  case endOfWhois = 318  // RPL_ENDOFWHOIS
  case whoisChannels = 319  // RPL_WHOISCHANNELS
  case listStart = 321  // RPL_LISTSTART
  case list = 322  // RPL_LIST
  case listEnd = 323  // RPL_LISTEND
  case channelModeIs = 324  // RPL_CHANNELMODEIS
  case creationTime = 329  // RPL_CREATIONTIME
  case noTopic = 331  // RPL_NOTOPIC
  case topic = 332  // RPL_TOPIC
  case topicWhoTime = 333  // RPL_TOPICWHOTIME
  case inviting = 341  // RPL_INVITING
  case whoReply = 352  // RPL_WHOREPLY
  case nameReply = 353  // RPL_NAMREPLY
  case endOfNames = 366  // RPL_ENDOFNAMES
  case messageOfTheDay = 372  // RPL_MOTD
  case messageOfTheDayStart = 375  // RPL_MOTDSTART
  case endOfMessageOfTheDay = 376  // RPL_ENDOFMOTD

  case unknownError = 400  // ERR_UNKNOWNERROR
  case noSuchNick = 401  // ERR_NOSUCHNICK
  case noSuchServer = 402  // ERR_NOSUCHSERVER
  case noSuchChannel = 403  // ERR_NOSUCHCHANNEL
  case cannotSendToChannel = 404  // ERR_CANNOTSENDTOCHAN
  case tooManyChannels = 405  // ERR_TOOMANYCHANNELS
  case tooManyTargets = 407  // ERR_TOOMANYTARGETS
  case noOrigin = 409  // ERR_NOORIGIN
  case invalidCapCommand = 410  // ERR_INVALIDCAPCMD
  case noRecipient = 411  // ERR_NORECIPIENT
  case noTextToSend = 412  // ERR_NOTEXTTOSEND
  case inputTooLong = 417  // ERR_INPUTTOOLONG
  case unknownCommand = 421  // ERR_UNKNOWNCOMMAND
  case noMessageOfTheDay = 422  // ERR_NOMOTD
  case noNicknameGiven = 431  // ERR_NONICKNAMEGIVEN
  case erroneousNickname = 432  // ERR_ERRONEUSNICKNAME
  case nicknameInUse = 433  // ERR_NICKNAMEINUSE
  case userNotInChannel = 441  // ERR_USERNOTINCHANNEL
  case notOnChannel = 442  // ERR_NOTONCHANNEL
  case userOnChannel = 443  // ERR_USERONCHANNEL
  case notRegistered = 451  // ERR_NOTREGISTERED
  case needMoreParameters = 461  // ERR_NEEDMOREPARAMS
  case alreadyRegistered = 462  // ERR_ALREADYREGISTERED
  case passwordMismatch = 464  // ERR_PASSWDMISMATCH
  case channelIsFull = 471  // ERR_CHANNELISFULL
  case unknownMode = 472  // ERR_UNKNOWNMODE
  case inviteOnlyChannel = 473  // ERR_INVITEONLYCHAN
  case badChannelKey = 475  // ERR_BADCHANNELKEY
  case badChannelMask = 476  // ERR_BADCHANMASK
  case operatorNeeded = 482  // ERR_CHANOPRIVSNEEDED
  case unknownUserMode = 501  // ERR_UMODEUNKNOWNFLAG
  case usersDoNotMatch = 502  // ERR_USERSDONTMATCH
  case invalidKey = 525  // ERR_INVALIDKEY
  case invalidModeParameter = 696  // ERR_INVALIDMODEPARAM

  /// Three digits.
  public var code: String {
    let digits = String(rawValue)
    return String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }
}
