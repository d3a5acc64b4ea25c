/** What the kit says to whoever unzips it. Plain ASCII, which every machine shows. */

/** `sheets`: the names of the files to print. */
export const readMe = (sheets: readonly string[]): string => `FAULTLINE, FOR A ROOM WITHOUT THE INTERNET

In this folder: the course as a site, a server for it, and sheets to print.
One laptop serves the room. Learners need a browser of 2024 or later, and
nothing else.


THE NIGHT BEFORE

1. In this folder, start the server:

     node serve.mjs

   Any Node from 18.2 on will do. Without Node:

     python3 -m http.server 8000 --directory site

   (On Windows take Node: Python may send scripts under a wrong type there.)

2. Open what it prints. For instructors: /workshop/ behind that address.
3. Print the sheets of your track: open them in a browser, no server needed.
   Their times begin at 0:00; with your start, print them from /workshop/.
   The checklist is for learners to take home, two sheets each. Its addresses
   are typed behind the one of the site, as in http://192.168.1.5:8000/ready/

${sheets.map((name) => `     sheets/${name}`).join('\n')}

4. See that this laptop does not sleep, and takes connections: if the system
   asks whether Node or Python may be reached from the network, allow it.


ON THE DAY

1. Join the room's network, and start the server again: the address may be new.
   Python does not print it; the system's network settings do.
2. On another device open that address with ready/ behind it, as in

     http://192.168.1.5:8000/ready/

   The page tests the browser, and says what to do about what is missing.
   If it does not open at all, the network keeps devices apart. Share a network
   of your own, a phone's for instance: the course needs no internet.
3. Have all learners do the same. Their laptops must reach this one all day:
   of a site that is not on https, browsers keep no pages.
4. Where the room is, you see at /workshop/room/. Type the codes that learners
   read out; a camera takes them at http://127.0.0.1:8000/ on this laptop alone.
   Stay at one address: what was taken at the one is not known at the other.


Code: MIT. Prose: CC BY 4.0.
`;
