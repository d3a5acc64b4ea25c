/** What stands for an exercise's id where the program is the reader's own: in requests, links and drafts; and its page's name. */
export const ownRaceId = 'your-own-race';
