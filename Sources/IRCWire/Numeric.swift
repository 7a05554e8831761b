/// The numeric replies that are sent, each with the name it was born with (Modern IRC "Numerics").
public enum Numeric: Int, Sendable {
  case welcome = 1  // RPL_WELCOME
  case yourHost = 2  // RPL_YOURHOST
  case created = 3  // RPL_CREATED
  case myInfo = 4  // RPL_MYINFO
  case supported = 5  // RPL_ISUPPORT

  case statsBan = 216  // RPL_STATSKLINE
  case endOfStats = 219  // RPL_ENDOFSTATS
  case userModeIs = 221  // RPL_UMODEIS
  case statsUptime = 242  // RPL_STATSUPTIME
  case statsOperator = 243  // RPL_STATSOLINE
  case statsFanOut = 249  // RPL_STATSDEBUG
  case usersOnline = 251  // RPL_LUSERCLIENT
  case operatorsOnline = 252  // RPL_LUSEROP
  case unknownOnline = 253  // RPL_LUSERUNKNOWN
  case channelsFormed = 254  // RPL_LUSERCHANNELS
  case localClients = 255  // RPL_LUSERME
  case adminMe = 256  // RPL_ADMINME
  case adminLocation = 257  // RPL_ADMINLOC1
  case adminOrganization = 258  // RPL_ADMINLOC2
  case adminEmail = 259  // RPL_ADMINEMAIL
  case tryAgain = 263  // RPL_TRYAGAIN
  case localUsers = 265  // RPL_LOCALUSERS
  case globalUsers = 266  // RPL_GLOBALUSERS
  case whoisCertificate = 276  // RPL_WHOISCERTFP

  case away = 301  // RPL_AWAY
  case userHost = 302  // RPL_USERHOST
  case isOn = 303  // RPL_ISON
  case noLongerAway = 305  // RPL_UNAWAY
  case nowAway = 306  // RPL_NOWAWAY
  case whoisUser = 311  // RPL_WHOISUSER
  case whoisServer = 312  // RPL_WHOISSERVER
  case whoisOperator = 313  // RPL_WHOISOPERATOR
  case wasUser = 314  // RPL_WHOWASUSER
  case endOfWho = 315  // RPL_ENDOFWHO
  case whoisIdle = 317  // RPL_WHOISIDLE
  case endOfWhois = 318  // RPL_ENDOFWHOIS
  case whoisChannels = 319  // RPL_WHOISCHANNELS
  case whoisSpecial = 320  // RPL_WHOISSPECIAL
  case listStart = 321  // RPL_LISTSTART
  case list = 322  // RPL_LIST
  case listEnd = 323  // RPL_LISTEND
  case channelModeIs = 324  // RPL_CHANNELMODEIS
  case creationTime = 329  // RPL_CREATIONTIME
  case whoisAccount = 330  // RPL_WHOISACCOUNT
  case noTopic = 331  // RPL_NOTOPIC
  case topic = 332  // RPL_TOPIC
  case topicWhoTime = 333  // RPL_TOPICWHOTIME
  case whoisBot = 335  // RPL_WHOISBOT
  case inviteList = 336  // RPL_INVITELIST
  case endOfInviteList = 337  // RPL_ENDOFINVITELIST
  case whoisActually = 338  // RPL_WHOISACTUALLY
  case inviting = 341  // RPL_INVITING
  case inviteExceptionList = 346  // RPL_INVEXLIST
  case endOfInviteExceptionList = 347  // RPL_ENDOFINVEXLIST
  case banExceptionList = 348  // RPL_EXCEPTLIST
  case endOfBanExceptionList = 349  // RPL_ENDOFEXCEPTLIST
  case version = 351  // RPL_VERSION
  case whoReply = 352  // RPL_WHOREPLY
  case nameReply = 353  // RPL_NAMREPLY
  case whoSpecialReply = 354  // RPL_WHOSPCRPL
  case links = 364  // RPL_LINKS
  case endOfLinks = 365  // RPL_ENDOFLINKS
  case endOfNames = 366  // RPL_ENDOFNAMES
  case banList = 367  // RPL_BANLIST
  case endOfBanList = 368  // RPL_ENDOFBANLIST
  case endOfWhowas = 369  // RPL_ENDOFWHOWAS
  case info = 371  // RPL_INFO
  case messageOfTheDay = 372  // RPL_MOTD
  case endOfInfo = 374  // RPL_ENDOFINFO
  case messageOfTheDayStart = 375  // RPL_MOTDSTART
  case endOfMessageOfTheDay = 376  // RPL_ENDOFMOTD
  case youAreOperator = 381  // RPL_YOUREOPER
  case rehashing = 382  // RPL_REHASHING
  case time = 391  // RPL_TIME
  case hostHidden = 396  // RPL_HOSTHIDDEN

  case unknownError = 400  // ERR_UNKNOWNERROR
  case noSuchNick = 401  // ERR_NOSUCHNICK
  case noSuchServer = 402  // ERR_NOSUCHSERVER
  case noSuchChannel = 403  // ERR_NOSUCHCHANNEL
  case cannotSendToChannel = 404  // ERR_CANNOTSENDTOCHAN
  case tooManyChannels = 405  // ERR_TOOMANYCHANNELS
  case wasNoSuchNick = 406  // ERR_WASNOSUCHNICK
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
  case nicknameHeld = 435  // ERR_BANNICKCHANGE
  case userNotInChannel = 441  // ERR_USERNOTINCHANNEL
  case notOnChannel = 442  // ERR_NOTONCHANNEL
  case userOnChannel = 443  // ERR_USERONCHANNEL
  case notRegistered = 451  // ERR_NOTREGISTERED
  case needMoreParameters = 461  // ERR_NEEDMOREPARAMS
  case alreadyRegistered = 462  // ERR_ALREADYREGISTERED
  case passwordMismatch = 464  // ERR_PASSWDMISMATCH
  case youAreBanned = 465  // ERR_YOUREBANNEDCREEP
  case forwarded = 470  // ERR_LINKCHANNEL
  case channelIsFull = 471  // ERR_CHANNELISFULL
  case unknownMode = 472  // ERR_UNKNOWNMODE
  case inviteOnlyChannel = 473  // ERR_INVITEONLYCHAN
  case bannedFromChannel = 474  // ERR_BANNEDFROMCHAN
  case badChannelKey = 475  // ERR_BADCHANNELKEY
  case badChannelMask = 476  // ERR_BADCHANMASK
  case accountNeeded = 477  // ERR_NEEDREGGEDNICK
  case banListFull = 478  // ERR_BANLISTFULL
  case noPrivileges = 481  // ERR_NOPRIVILEGES
  case operatorNeeded = 482  // ERR_CHANOPRIVSNEEDED
  case cannotKillServer = 483  // ERR_CANTKILLSERVER
  case hearsAccountsOnly = 486  // ERR_NONONREG
  case noOperatorHost = 491  // ERR_NOOPERHOST

  case unknownUserMode = 501  // ERR_UMODEUNKNOWNFLAG
  case usersDoNotMatch = 502  // ERR_USERSDONTMATCH
  case helpNotFound = 524  // ERR_HELPNOTFOUND
  case invalidKey = 525  // ERR_INVALIDKEY

  case whoisSecure = 671  // RPL_WHOISSECURE
  case invalidModeParameter = 696  // ERR_INVALIDMODEPARAM

  case helpStart = 704  // RPL_HELPSTART
  case helpText = 705  // RPL_HELPTXT
  case endOfHelp = 706  // RPL_ENDOFHELP
  case noOperatorPrivilege = 723  // ERR_NOPRIVS
  case monitorOnline = 730  // RPL_MONONLINE
  case monitorOffline = 731  // RPL_MONOFFLINE
  case monitorList = 732  // RPL_MONLIST
  case endOfMonitorList = 733  // RPL_ENDOFMONLIST
  case monitorListFull = 734  // ERR_MONLISTFULL

  case keyValue = 761  // RPL_KEYVALUE
  case noMatchingKey = 766  // ERR_NOMATCHINGKEY
  case keyNotSet = 768  // ERR_KEYNOTSET
  case metadataSubscribed = 770  // RPL_METADATASUBOK
  case metadataUnsubscribed = 771  // RPL_METADATAUNSUBOK
  case metadataSubscriptions = 772  // RPL_METADATASUBS
  case metadataSyncLater = 774  // ERR_METADATASYNCLATER

  case loggedIn = 900  // RPL_LOGGEDIN
  case loggedOut = 901  // RPL_LOGGEDOUT
  case nicknameLocked = 902  // ERR_NICKLOCKED
  case saslSuccess = 903  // RPL_SASLSUCCESS
  case saslFailed = 904  // ERR_SASLFAIL
  case saslTooLong = 905  // ERR_SASLTOOLONG
  case saslAborted = 906  // ERR_SASLABORTED
  case saslAlready = 907  // ERR_SASLALREADY
  case saslMechanisms = 908  // RPL_SASLMECHS

  /// Three digits.
  public var code: String {
    let digits = String(rawValue)
    return String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }
}
